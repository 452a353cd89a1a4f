import { setTimeout as pause } from 'node:timers/promises';
import { BASE_PATH } from '../../src/http/api.js';
import { startInstance, type Instance, type Life } from './instance.js';

export interface Leader {
  index: number;
  term: number;
}

/** Instances of the service on the same log, each at its own address, also after it came back. */
export interface Fleet {
  addresses: readonly string[];
  /** All lives so far, in order of their starts. */
  lives: readonly Life[];
  /** @returns when it is ready, or has ended again */
  start(index: number): Promise<void>;
  /** Starts those that are down. @returns when all are ready, or have ended again */
  startMissing(): Promise<void>;
  kill(index: number): Promise<void>;
  /** SIGTERM. @returns when it has ended */
  terminate(index: number): Promise<void>;
  /** Kills what still runs, for the end of a test that has failed. */
  killAll(): Promise<void>;
  pause(index: number): void;
  resume(index: number): void;
  /** Ready, and not stopped by a signal. */
  up(): number[];
  /** Waits until an instance says that it leads. @throws Error when none does in time */
  leader(): Promise<Leader>;
}

export interface FleetOptions {
  ports: readonly number[];
  /** Where the output of the processes goes. */
  folder: string;
  /** The environment of the next start of an instance, and how far off its clock is by that. */
  next: (index: number) => { env: Record<string, string>; offsetMs: number };
}

const READY_WITHIN_MS = 60_000;
const LEADS_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 500;
const ASK_AGAIN_MS = 20;

export function createFleet({ ports, folder, next }: FleetOptions): Fleet {
  const addresses = ports.map((port) => `http://127.0.0.1:${port}`);
  const instances: (Instance | undefined)[] = ports.map(() => undefined);
  const lives: Life[] = [];
  // No child outlives an exit of this process.
  process.once('exit', () => {
    for (const instance of instances) instance?.signal('SIGKILL');
  });

  const stateOf = (index: number): Life['state'] => instances[index]?.life.state ?? 'ended';
  const at = (index: number): Instance => {
    const instance = instances[index];
    if (instance === undefined) throw new Error(`instance ${index} was never started`);
    return instance;
  };

  async function start(index: number): Promise<void> {
    const { env, offsetMs } = next(index);
    const name = `${'abcdefgh'.charAt(index)}${lives.length + 1}`;
    const instance = startInstance(
      { name, offsetMs },
      { ...env, PORT: String(ports[index]), HOST: '127.0.0.1' },
      folder,
    );
    lives.push(instance.life);
    instances[index] = instance;
    await begun(instance);
    instance.life.instance = (await askLeader(index))?.instance;
  }

  async function begun({ life, begun }: Instance): Promise<void> {
    const late = new AbortController();
    const tooLate = pause(READY_WITHIN_MS, true, { signal: late.signal }).catch(() => false);
    if ((await Promise.race([begun.then(() => false), tooLate])) && life.state === 'starting')
      life.errors.push(`was not ready within ${READY_WITHIN_MS} ms`);
    late.abort();
  }

  async function end(index: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { life, ended, signal: send } = at(index);
    if (life.state === 'ended') return;
    life.asked = signal;
    send(signal);
    // A stopped process handles SIGTERM only once it is continued.
    if (life.state === 'stopped') send('SIGCONT');
    life.state = 'ending';
    await ended;
  }

  async function askLeader(index: number): Promise<any> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const response = await fetch(`${addresses[index]}${BASE_PATH}/leader`, { signal });
      return response.ok ? await response.json() : undefined;
    } catch {
      // It may be killed, stopped or stalled at this very moment: then it does not say that it leads.
      return undefined;
    }
  }

  const up = (): number[] => [...ports.keys()].filter((index) => stateOf(index) === 'ready');

  return {
    addresses,
    lives,
    start,
    async startMissing() {
      const missing = [...ports.keys()].filter((index) => stateOf(index) === 'ended');
      await Promise.all(missing.map(start));
      await Promise.all(instances.filter((instance) => instance !== undefined).map(begun));
    },
    kill: (index) => end(index, 'SIGKILL'),
    terminate: (index) => end(index, 'SIGTERM'),
    async killAll() {
      const running = [...ports.keys()].filter((index) => stateOf(index) !== 'ended');
      await Promise.all(running.map((index) => end(index, 'SIGKILL')));
    },
    pause(index) {
      const { life, signal } = at(index);
      if (life.state !== 'ready') return;
      life.state = 'stopped';
      signal('SIGSTOP');
    },
    resume(index) {
      const { life, signal } = at(index);
      if (life.state !== 'stopped') return;
      signal('SIGCONT');
      life.state = 'ready';
    },
    up,
    async leader() {
      for (const giveUpAt = performance.now() + LEADS_WITHIN_MS; performance.now() < giveUpAt;) {
        const asked = up();
        const answers = await Promise.all(asked.map(askLeader));
        const [newest] = answers
          .flatMap((answer, at) =>
            answer?.leading === true ? [{ index: asked[at] ?? 0, term: Number(answer.term) }] : [],
          )
          .sort((a, b) => b.term - a.term);
        if (newest !== undefined && stateOf(newest.index) === 'ready') return newest;
        await pause(ASK_AGAIN_MS);
      }
      throw new Error(`no instance leads within ${LEADS_WITHIN_MS} ms`);
    },
  };
}

import { JOB_STREAM_PREFIX, LEADER_LEASE_STREAM } from '../../src/events/stream-names.js';
import type { EventLog, Outcome, SubscribeOptions, Write } from '../../src/ports/event-log.js';
import { StoreError } from '../../src/ports/store-error.js';
import type { Lifeline } from './lifeline.js';
import type { World } from './world.js';

const LATENCY_MS = 5;
/** Limit per process, its lease apart, many times what any needs: a runaway scheduler must end. */
const MOST_WRITES = { days: 5_000, minutes: 20_000, clocks: 20_000, backlogs: 80_000, restores: 20_000 };
const NO_ANSWER = 'simulated: no answer';

/** Each write is atomic, but an append of several may end between two. */
const IN_PART = 'append done in part, answered with an error';

/** It keeps a leader from deciding until somebody ends it. */
const HANGS = 'append done, never answered';

/** Everything that can befall an append, and how likely it is. What is left over goes well. */
const APPEND_FAULTS = [
  ['stall before the append', 0.015],
  ['append refused', 0.012],
  ['append done, answered late', 0.012],
  ['append done, answered with an error', 0.012],
  [IN_PART, 0.03],
  ['append answered with an error, done later', 0.006],
  [HANGS, 0.002],
] as const;

/** Rare states: what became of the events of several commands in one write. */
const TOGETHER: Record<Outcome['kind'], string> = {
  appended: 'commands of one job written together',
  conflict: 'commands written together lost to another',
};

/** The shared log as one instance sees it. */
export function createFaultyLog(world: World, name: string, lifeline: Lifeline): EventLog {
  const { log, time, dice, scenario, history } = world;

  const mostWrites = MOST_WRITES[scenario.kind];
  let appended = 0;

  const latency = (): Promise<void> => time.sleep(Math.floor(dice.random() * LATENCY_MS));
  const stall = (): number => dice.duration(20, scenario.longest.stall);

  function pickFault(writes: number): (typeof APPEND_FAULTS)[number][0] | undefined {
    if (!world.faulty) return undefined;
    let roll = dice.random();
    for (const [kind, probability] of APPEND_FAULTS) {
      if (roll < probability) {
        if (kind === HANGS && scenario.kind === 'clocks') return undefined;
        return writes === 1 && kind === IN_PART ? 'append refused' : kind;
      }
      roll -= probability;
    }
    return undefined;
  }

  async function append(writes: readonly Write[]): Promise<Outcome[]> {
    await latency();
    const counted = writes.filter(({ stream }) => stream !== LEADER_LEASE_STREAM).length;
    appended += counted;
    if (appended > mostWrites) {
      if (appended - counted <= mostWrites) world.broken(new Error(`${name} writes without end`));
      return lifeline.never();
    }
    const kind = pickFault(writes.length);
    if (kind === undefined) return noting(writes, await log.append(writes));
    const ms = stall();
    world.fault(kind, name, `${ms} ms, ${writes.map(({ stream }) => stream).join(' ')}`);
    switch (kind) {
      case 'stall before the append':
        await time.sleep(ms);
        // The process may have died meanwhile: then the append was never sent.
        return lifeline.alive() ? log.append(writes) : lifeline.never();
      case 'append refused':
        throw new StoreError('store_unavailable', 'simulated: refused');
      case 'append done, answered late': {
        const outcomes = await log.append(writes);
        await time.sleep(ms);
        return outcomes;
      }
      case 'append done, answered with an error':
        await log.append(writes);
        throw new StoreError('store_unavailable', NO_ANSWER);
      case IN_PART:
        await log.append(writes.slice(0, 1 + Math.floor(dice.random() * (writes.length - 1))));
        throw new StoreError('store_unavailable', NO_ANSWER);
      case 'append answered with an error, done later':
        landLater(writes, ms);
        throw new StoreError('store_unavailable', NO_ANSWER);
      case HANGS:
        await log.append(writes);
        return lifeline.never();
    }
  }

  function noting(writes: readonly Write[], outcomes: Outcome[]): Outcome[] {
    for (const [index, { kind }] of outcomes.entries()) {
      const commands = new Set(writes[index]?.events.map(({ metadata }) => metadata.correlation_id)).size;
      if (kind === 'conflict') world.meet('an append lost to another');
      if (commands > 1) world.meet(TOGETHER[kind]);
    }
    return outcomes;
  }

  /** Still in flight when its sender has given up on it or died. */
  function landLater(writes: readonly Write[], ms: number): void {
    time
      .sleep(ms)
      .then(() => log.append(writes))
      .then((outcomes) => {
        if (outcomes.some(({ kind }) => kind === 'appended')) world.fault('late append landed', name);
      })
      .catch((error: unknown) => world.broken(error));
  }

  /** Notes a leader's decisions as it sends them: from then on they are out of its hands. */
  function noteDecisions(writes: readonly Write[]): void {
    const terms = writes
      .filter(({ stream }) => stream.startsWith(JOB_STREAM_PREFIX))
      .flatMap(({ events }) => events.map(({ metadata }) => metadata.term));
    for (const term of new Set(terms))
      if (term !== undefined) history.decisions.push({ term, instance: name, at: time.now() });
  }

  async function* subscribe(options: SubscribeOptions) {
    const ending = new AbortController();
    const end = (): void => ending.abort();
    options.signal.addEventListener('abort', end);
    lifeline.signal.addEventListener('abort', end);
    if (options.signal.aborted || !lifeline.alive()) end();
    try {
      for await (const batch of log.subscribe({ ...options, signal: ending.signal })) {
        if (world.faulty && batch.events.length > 0) {
          if (dice.chance(0.01)) {
            world.fault('events read late', name);
            await time.sleep(stall(), ending.signal);
          }
          if (dice.chance(0.01)) {
            world.fault('events delivered twice', name);
            yield batch;
          }
          if (dice.chance(0.005)) {
            world.fault('subscription broken', name);
            throw new StoreError('store_unavailable', 'simulated: subscription dropped');
          }
        }
        await lifeline.going();
        if (ending.signal.aborted) break;
        yield batch;
      }
    } finally {
      options.signal.removeEventListener('abort', end);
      lifeline.signal.removeEventListener('abort', end);
    }
    if (!lifeline.alive()) await lifeline.never();
  }

  async function reading<T>(read: () => Promise<T>): Promise<T> {
    await latency();
    if (world.faulty && dice.chance(0.003)) {
      world.fault('read refused', name);
      throw new StoreError('store_unavailable', 'simulated: read refused');
    }
    return read();
  }

  return {
    hasOwnClock: log.hasOwnClock,
    append(writes) {
      noteDecisions(writes);
      return lifeline.through(() => append(writes));
    },
    readStream: (stream, options) => lifeline.through(() => reading(() => log.readStream(stream, options))),
    subscribe,
    head: () => lifeline.through(() => reading(() => log.head())),
    eventIdAt: (position) => lifeline.through(() => reading(() => log.eventIdAt(position))),
    setMaxCount: (stream, count) => lifeline.through(() => log.setMaxCount(stream, count)),
    close: () => Promise.resolve(),
  };
}

import { createCore, type Core } from '../../src/core/core.js';
import { checkExpiry } from '../../src/expiry-check/check-expiry.js';
import { jobState } from '../../src/http/job-bodies.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Logger } from '../../src/ports/logger.js';
import { tzdataVersion } from '../../src/adapters/system/tzdata-version.js';
import type { PerformedCheck } from './history.js';
import { createFaultyLog } from './faulty-log.js';
import { createFaultyReadStore, createFaultyRegistry } from './faulty-stores.js';
import { createLifeline, type Lifeline } from './lifeline.js';
import type { World } from './world.js';

/** One process of the service: the real core over ports that fail, with a wall clock of its own. */
export interface Instance {
  name: string;
  core: Core;
  lifeline: Lifeline;
  /** Resolves when it has caught up; a start that fails ends the process. */
  start(): Promise<void>;
  /** As SIGTERM does, and SIGKILL when that takes too long. */
  stop(): Promise<void>;
}

/** The machine that instances run on, one after another: its wall clock may be wrong. */
export interface Machine {
  name: string;
  /** Wall clock minus true time, milliseconds. */
  offset: number;
}

const STOP_WITHIN_MS = 20_000;

export function startInstance(world: World, machine: Machine, incarnation: number): Instance {
  const { time, dice, scenario } = world;
  const name = `${machine.name}.${incarnation}`;
  const lifeline = createLifeline(time);
  const booted = time.now();
  const clock: Clock = {
    now: () => Math.floor(time.now()) + machine.offset,
    monotonic: () => time.now() - booted,
    sinceBoot: () => time.now() - booted,
    sleep: (ms, signal) => lifeline.through(() => time.sleep(ms, signal)),
    yield: () => lifeline.through(() => time.yield()),
  };
  const core = createCore(
    {
      instance: name,
      tzdataVersion,
      clock,
      ids: dice,
      logger: tellingLogger(world, name),
      log: createFaultyLog(world, name, lifeline),
      store: createFaultyReadStore(world, name, lifeline),
      registry: createFaultyRegistry(world, name, lifeline),
      bus: undefined,
    },
    {
      leaseMs: scenario.lease,
      onAppended: () => undefined,
      allowSeconds: false,
      thresholds: [30, 14, 7, 1, 0],
      maxAgeHours: null,
      longestSleepMs: scenario.longestSleep,
      executor: 'builtin',
      showJob: (document, now) => jobState(document, now, { allowSeconds: false }),
      check: async (run, dependencies) => {
        const { run_id, cron_id, dry_run } = run;
        const performed: PerformedCheck = {
          run_id,
          cron_id,
          dry_run,
          instance: name,
          began: time.now(),
          result: undefined,
        };
        world.history.checks.push(performed);
        const outcome = await checkExpiry(run, dependencies);
        performed.result = outcome.result;
        return outcome;
      },
    },
  );
  return {
    name,
    core,
    lifeline,
    async start() {
      try {
        await core.start();
      } catch (error) {
        world.fault('start failed', name, String(error));
        lifeline.kill();
      }
    },
    async stop() {
      await Promise.race([core.stop(), time.sleep(STOP_WITHIN_MS)]);
      lifeline.kill();
    },
  };
}

function tellingLogger(world: World, name: string): Logger {
  const tell = (fields: object, message: string): void => {
    const { err, cron_id, ...rest } = fields as { err?: unknown; cron_id?: string };
    const what = `${message} ${JSON.stringify(rest)}${err instanceof Error ? ` (${err.name}: ${err.message})` : ''}`;
    world.story.tell(world.time.now(), name, what, cron_id);
    world.meet(`log line: ${message}`);
    if (err instanceof Error && !(err.name in EXPECTED)) world.broken(err);
  };
  return { debug: () => undefined, info: tell, warn: tell, error: tell };
}

/** Errors that faults account for; any other in a log line is a fault of the program. */
const EXPECTED = { StoreError: true, DomainError: true, RunClosedError: true, FoldBehindError: true };

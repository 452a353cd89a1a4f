import { followJobs } from './commands/follow-jobs.js';
import { createCommandHandler, type CommandHandler } from './commands/handle-commands.js';
import { createJobFold, type JobFold } from './commands/job-fold.js';
import type { checkExpiry } from './expiry-check/check-expiry.js';
import { createRunWorker } from './messaging/run-worker.js';
import type { Adapters } from './open-adapters.js';
import { jobModels } from './projections/job-models.js';
import { createOwnWritesProjection } from './projections/project-own-writes.js';
import { createProjectionRunner } from './projections/projection-runner.js';
import { reminderModels } from './projections/reminders.js';
import { seedFold } from './projections/seed-fold.js';
import { createScheduler } from './scheduler/scheduler.js';

/** The service without its edges: commands, fold, projections, scheduler and worker over the ports. */
export interface Core {
  fold: JobFold;
  commands: CommandHandler;
  /**
   * Reads the log, then takes up the runs that are open and schedules. `stop` may come while it is under way.
   * @throws what makes a store unusable from the start
   */
  start(): Promise<void>;
  /** Stops scheduling, gives up checks (they are taken up by the next start), lets the followers end. Closes no store. */
  stop(): Promise<void>;
}

export interface CoreOptions {
  allowSeconds: boolean;
  /** Days before expiry, descending. */
  thresholds: readonly number[];
  /** Goes into the metadata of decisions. */
  tzdataVersion: string;
  /** How long the scheduler sleeps at most: timers count monotonic time, so it looks often whether the wall clock has stepped. */
  longestSleepMs: number;
  /** The work of a run. */
  check: typeof checkExpiry;
}

/** What is put together from what, over the ports alone. */
export function createCore(adapters: Adapters, options: CoreOptions): Core {
  const { clock, ids, logger, log, store } = adapters;
  const { allowSeconds, thresholds, tzdataVersion, longestSleepMs, check } = options;
  const models = jobModels({ allowSeconds });
  const stopping = {
    scheduler: new AbortController(),
    worker: new AbortController(),
    followers: new AbortController(),
  };
  const running: Promise<void>[] = [];

  const fold = createJobFold(log);
  const onAppended = createOwnWritesProjection(store, models, logger);
  const commands = createCommandHandler({ log, fold, clock, ids, allowSeconds, tzdataVersion, onAppended });
  const projections = {
    jobs: createProjectionRunner(models, adapters),
    reminders: createProjectionRunner(reminderModels, adapters),
  };
  const worker = createRunWorker({
    fold,
    commands,
    clock,
    logger,
    signal: stopping.worker.signal,
    check: async (run) => {
      await projections.reminders.whenProjected(await log.head(), run.signal);
      return check(run, { ...adapters, thresholds });
    },
  });
  const scheduler = createScheduler({
    fold,
    commands,
    clock,
    ids,
    logger,
    allowSeconds,
    longestSleepMs,
  });

  async function catchUp(): Promise<void> {
    const from = await seedFold(fold, models, adapters);
    const { signal } = stopping.followers;
    await new Promise<void>((resolve, reject) => {
      const following = followJobs({
        ...adapters,
        fold,
        from,
        signal,
        onCaughtUp: resolve,
        onRead: worker.onRead,
      });
      running.push(following.then(resolve, reject));
    });
    running.push(projections.jobs.run(signal), projections.reminders.run(signal));
  }

  return {
    fold,
    commands,
    async start() {
      await catchUp();
      if (stopping.scheduler.signal.aborted) return;
      worker.takeUpOpenRuns();
      running.push(scheduler.run(stopping.scheduler.signal));
    },
    async stop() {
      stopping.scheduler.abort();
      stopping.worker.abort();
      await worker.idle();
      stopping.followers.abort();
      await Promise.all(running);
    },
  };
}

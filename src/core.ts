import { followJobs } from './commands/follow-jobs.js';
import { createCommandHandler, type CommandHandler } from './commands/handle-commands.js';
import { createJobFold, type JobFold } from './commands/job-fold.js';
import { whenLogAnswers } from './commands/when-log-answers.js';
import type { checkExpiry } from './expiry-check/check-expiry.js';
import { createMessaging, type Messaging } from './messaging/messaging.js';
import { createPerformRun } from './messaging/perform-run.js';
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
  /** What goes over the message bus; undefined where there is none. */
  messaging: Messaging | undefined;
  /**
   * Reads the log, then takes up the runs that are open and schedules. `stop` may come while it is under way.
   * @throws what makes a store unusable from the start; one that is only down is waited for
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
  /** Who performs runs: this service, or another one that is told by the message bus. */
  executor: 'builtin' | 'external';
  /** The work of a run. */
  check: typeof checkExpiry;
}

/** What is put together from what, over the ports alone. */
export function createCore(adapters: Adapters, options: CoreOptions): Core {
  const { clock, ids, logger, log, bus } = adapters;
  const { allowSeconds, thresholds, tzdataVersion, longestSleepMs, executor, check } = options;
  const models = jobModels({ allowSeconds });
  const stopping = {
    scheduler: new AbortController(),
    worker: new AbortController(),
    followers: new AbortController(),
  };
  const running: Promise<void>[] = [];

  const fold = createJobFold(log);
  const onAppended = createOwnWritesProjection(models, adapters);
  const commands = createCommandHandler({ log, fold, clock, ids, allowSeconds, tzdataVersion, onAppended });
  const projections = {
    jobs: createProjectionRunner(models, adapters),
    reminders: createProjectionRunner(reminderModels, adapters),
  };
  const performRun = createPerformRun({
    fold,
    commands,
    clock,
    logger,
    check: async (run) => {
      await projections.reminders.whenProjected(await log.head(), run.signal);
      return check(run, { ...adapters, thresholds });
    },
  });
  const messaging = bus && createMessaging({ ...adapters, bus, commands, performRun }, executor);
  const worker = createRunWorker({ fold, performRun, logger, signal: stopping.worker.signal });
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
    const { signal } = stopping.followers;
    await whenLogAnswers(adapters, signal);
    const from = await seedFold(fold, models, adapters);
    await new Promise<void>((resolve, reject) => {
      const following = followJobs({
        ...adapters,
        fold,
        from,
        signal,
        onCaughtUp: resolve,
        onRead: messaging === undefined ? worker.onRead : () => undefined,
      });
      running.push(following.then(resolve, reject));
    });
    running.push(projections.jobs.run(signal), projections.reminders.run(signal));
  }

  return {
    fold,
    commands,
    messaging,
    async start() {
      await catchUp();
      if (stopping.scheduler.signal.aborted) return;
      if (messaging === undefined) worker.takeUpOpenRuns();
      else running.push(messaging.run({ work: stopping.worker.signal, publish: stopping.followers.signal }));
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

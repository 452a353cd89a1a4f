import { followJobs } from './commands/follow-jobs.js';
import { createCommandHandler, type CommandHandler } from './commands/handle-commands.js';
import { createJobFold } from './commands/job-fold.js';
import type { Config } from './config.js';
import { checkExpiry } from './expiry-check/check-expiry.js';
import { createApi } from './http/api.js';
import type { Phase } from './http/health.js';
import { createHttpServer } from './http/server.js';
import { createRunWorker } from './messaging/run-worker.js';
import { openAdapters, type Adapters } from './open-adapters.js';
import { jobModels } from './projections/job-models.js';
import { createOwnWritesProjection } from './projections/project-own-writes.js';
import { createProjectionRunner } from './projections/projection-runner.js';
import { reminderModels } from './projections/reminders.js';
import { seedFold } from './projections/seed-fold.js';
import { createScheduler } from './scheduler/scheduler.js';

export interface App {
  /**
   * Listens at once, answers `starting` until the log has been read, then serves and schedules.
   * @returns the address, such as http://127.0.0.1:3000
   */
  start(): Promise<string>;
  /** Lets requests end, stops scheduling, gives up checks (they are taken up by the next start), closes the stores. */
  stop(): Promise<void>;
  adapters: Adapters;
  commands: CommandHandler;
}

const DRAIN_MS = 10_000;

/** The composition root: what is put together from what. */
export async function createApp(config: Config, overrides: Partial<Adapters> = {}): Promise<App> {
  const adapters = await openAdapters(config, overrides);
  const { clock, ids, logger, log, store, registry } = adapters;
  const { allowSeconds, thresholds } = config;
  const models = jobModels({ allowSeconds });
  const stopping = {
    scheduler: new AbortController(),
    worker: new AbortController(),
    followers: new AbortController(),
  };
  let phase: Phase = 'starting';

  const fold = createJobFold(log);
  const onAppended = createOwnWritesProjection(store, models, logger);
  const commands = createCommandHandler({ log, fold, clock, ids, allowSeconds, onAppended });
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
      return checkExpiry(run, { ...adapters, thresholds });
    },
  });
  const tzdataVersion = process.versions.tz ?? 'unknown';
  const scheduler = createScheduler({ fold, commands, clock, ids, logger, allowSeconds, tzdataVersion });
  const names = { event_log: 'sqlite', read_store: 'sqlite', registry: 'sqlite', message_bus: 'in-process' };
  const api = createApi({
    commands,
    store,
    ids,
    clock,
    allowSeconds,
    phase: () => phase,
    adapters: names,
    log,
    registry,
    logger,
  });
  const server = createHttpServer(api, { host: config.host, port: config.port, drainMs: DRAIN_MS }, clock);
  const running: Promise<void>[] = [];

  /** A stop may come while the start is under way. */
  const isStopping = (): boolean => phase === 'stopping';

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
    adapters,
    commands,
    async start() {
      const address = await server.listen();
      await catchUp();
      if (isStopping()) return address;
      worker.takeUpOpenRuns();
      running.push(scheduler.run(stopping.scheduler.signal));
      phase = 'ready';
      logger.info({ address, adapters: names, jobs: [...fold.all()].length }, 'ready');
      return address;
    },
    async stop() {
      phase = 'stopping';
      await server.close();
      stopping.scheduler.abort();
      stopping.worker.abort();
      await worker.idle();
      stopping.followers.abort();
      await Promise.all(running);
      await Promise.all([log.close(), store.close(), registry.close()]);
      logger.info({}, 'stopped');
    },
  };
}

import type { CommandHandler } from '../commands/handle-commands.js';
import type { Config } from '../config/config.js';
import { createCore, type Core, type CoreOptions } from '../core/core.js';
import type { JobFold } from '../fold/job-fold.js';
import { createApi } from '../http/api.js';
import { jobState } from '../http/job-bodies.js';
import { registerAskedMetrics } from '../metrics/asked-metrics.js';
import { createServiceMetrics } from '../metrics/service-metrics.js';
import type { Adapters } from '../ports/adapters.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { dependenciesOf } from './dependencies.js';
import { createDashboardFiles } from './dashboard-files.js';
import { createDocsFiles } from './docs-files.js';
import { historyReads } from './history-reads.js';
import { createListeners } from './listeners.js';
import { metricsSources } from './metrics-sources.js';
import { adapterNames, openAdapters } from './open-adapters.js';
import { firstKeys, openCredentials } from './open-credentials.js';
import { ownPackage } from './own-package.js';
import { createServicePhase } from './phase.js';
import { refuseOpenPort } from './refuse-open-port.js';
import { serviceDocuments } from './service-documents.js';
import { tellOfJobs, type TellOfJobsDependencies } from './tell-of-jobs.js';
import { watchJobs } from './watch-jobs.js';

export interface App {
  /**
   * Listens at once, answers `starting` until the log has been read, then serves and schedules.
   * @returns the address, such as http://127.0.0.1:3000
   */
  start(): Promise<string>;
  /** Lets requests finish, stops scheduling, abandons checks (the next start resumes them), closes the stores. */
  stop(): Promise<void>;
  adapters: Adapters;
  commands: CommandHandler;
  fold: Pick<JobFold, 'get'>;
}

/** A step of the wall clock, and the end of a suspension, are noticed within this time. */
const LONGEST_SLEEP_MS = 1_000;
const { version } = ownPackage;

/**
 * The composition root: the core over the adapters that were chosen, and HTTP in front of it.
 * @throws ConfigError when it would be open to others and nobody has said so
 */
export async function createApp(config: Config, overrides: Partial<Adapters> = {}): Promise<App> {
  refuseOpenPort(config);
  const keyFile = await firstKeys(config);
  const adapters = await openAdapters(config, overrides);
  const { ids, logger, log, tzdataVersion } = adapters;
  const names = adapterNames(config);
  const phase = createServicePhase();
  const metrics = createServiceMetrics({ version, node: process.versions.node });
  const core: Core = createCore(adapters, coreOptions(config, { fold: () => core.fold, metrics, logger }));
  const { clock, commands, fold, messaging } = core;
  const access = await openCredentials(config, keyFile, { clock, logger });
  const dependencies = dependenciesOf(adapters, names, messaging);
  registerAskedMetrics(metrics.registry, metricsSources(core, adapters, config, { dependencies, access }));
  const ending = new AbortController();
  const api = createApi({
    version,
    core,
    log,
    ids,
    logger,
    metrics,
    credentials: access.credentials,
    dependencies,
    reads: historyReads(core, log),
    documents: serviceDocuments(config, clock),
    pages: { docs: createDocsFiles(), dashboard: createDashboardFiles() },
    phase: phase.current,
    hosts: config,
    corsOrigins: config.corsOrigins,
    rateLimit: config.rateLimit,
    started: phase.started,
    stopping: ending.signal,
    allowSeconds: config.allowSeconds,
    tzdataVersion,
  });
  const listeners = createListeners(config, api, { clock, logger });
  let watching: Promise<void> | undefined;
  return {
    adapters,
    commands,
    fold,
    async start() {
      const { address, probes } = await listeners.listen();
      await core.start();
      const up = { version, address, probes, adapters: names, credentials: access.kinds, jobs: fold.live() };
      if (phase.becomeReady()) logger.info(up, 'ready');
      watching = watchJobs({ fold, clock, logger, allowSeconds: config.allowSeconds }, ending.signal);
      return address;
    },
    async stop() {
      phase.beginStopping();
      ending.abort(NO_REASON);
      // Requests need neither the scheduler nor the followers, and each may wait for a server that hangs.
      await Promise.all([listeners.close(), core.stop(), watching]);
      access.close();
      await adapters.close();
      logger.info({}, 'stopped');
    },
  };
}

function coreOptions(config: Config, told: TellOfJobsDependencies): CoreOptions {
  return {
    leaseMs: config.leaseMs,
    allowSeconds: config.allowSeconds,
    thresholds: config.thresholds,
    maxAgeHours: config.maxAgeHours,
    executor: config.executor,
    longestSleepMs: LONGEST_SLEEP_MS,
    showJob: (document, now) => jobState(document, now, config),
    onAppended: tellOfJobs(told),
  };
}

import type { CommandHandler } from '../commands/handle-commands.js';
import type { Config } from '../config/config.js';
import type { JobFold } from '../fold/job-fold.js';
import { createCore, type Core } from '../core/core.js';
import { checkExpiry } from '../expiry-check/check-expiry.js';
import { createApi } from '../http/api.js';
import { checkAll, type Phase } from '../http/health.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import { createHttpServer } from '../http/server.js';
import { createServiceMetrics } from '../metrics/service-metrics.js';
import { adapterNames, openAdapters } from './open-adapters.js';
import type { Adapters } from '../ports/adapters.js';

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
/** A step of the wall clock, and the end of a suspension, are noticed within this time. */
const LONGEST_SLEEP_MS = 1_000;

/** The composition root: the core over the adapters that were chosen, and HTTP in front of it. */
export async function createApp(config: Config, overrides: Partial<Adapters> = {}): Promise<App> {
  const adapters = await openAdapters(config, overrides);
  const { clock, ids, logger, log, store, registry, tzdataVersion } = adapters;
  const { allowSeconds, thresholds, executor, leaseMs } = config;
  let phase: Phase = 'starting';
  let tellStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (tellStarted = resolve));

  const core: Core = createCore(adapters, {
    leaseMs,
    allowSeconds,
    thresholds,
    longestSleepMs: LONGEST_SLEEP_MS,
    executor,
    check: checkExpiry,
    onSlotStarted: (lateByMs) => metrics.slotStarted(lateByMs),
  });
  const names = adapterNames(config);
  const dependencies = {
    event_log: { adapter: names.event_log, check: () => log.head() },
    read_store: { adapter: names.read_store, check: () => store.readCheckpoint('jobs') },
    registry: { adapter: names.registry, check: () => firstPage(registry) },
    message_bus: { adapter: names.message_bus, check: async () => core.messaging?.check() },
  };
  const metrics = createServiceMetrics({
    clock,
    log,
    leader: () => core.leadership.state(),
    runsInProgress: () => countOpenRuns(core.fold),
    followers: () => ({
      ...core.projections,
      ...(core.messaging && { publisher: core.messaging.publisher }),
    }),
    dependencies: async () => {
      const checked = Object.entries(await checkAll(dependencies, clock));
      return Object.fromEntries(checked.map(([name, { status }]) => [name, status === 'ok']));
    },
  });
  const api = createApi({
    commands: core.commands,
    fold: core.fold,
    store,
    ids,
    clock,
    allowSeconds,
    tzdataVersion,
    phase: () => phase,
    started,
    dependencies,
    leadership: core.leadership,
    metrics,
    log,
    logger,
  });
  const server = createHttpServer(api, { host: config.host, port: config.port, drainMs: DRAIN_MS }, clock);

  /** A stop may come while the start is under way. */
  const isStopping = (): boolean => phase === 'stopping';

  return {
    adapters,
    commands: core.commands,
    async start() {
      const address = await server.listen();
      await core.start();
      if (isStopping()) return address;
      phase = 'ready';
      tellStarted();
      logger.info({ address, adapters: names, jobs: [...core.fold.all()].length }, 'ready');
      return address;
    },
    async stop() {
      phase = 'stopping';
      // Requests need neither the scheduler nor the followers, and each may wait for a server that hangs.
      await Promise.all([server.close(), core.stop()]);
      await adapters.close();
      logger.info({}, 'stopped');
    },
  };
}

/** A walk that is left must be ended, or a server would keep its cursor. */
async function firstPage(registry: CertificationRegistry): Promise<void> {
  for await (const page of registry.pages()) if (page.length > 0) break;
}

function countOpenRuns(fold: JobFold): number {
  let open = 0;
  for (const { job } of fold.all()) open += job.open_runs.length;
  return open;
}

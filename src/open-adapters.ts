import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from './config.js';
import type { CertificationRegistry } from './ports/certification-registry.js';
import type { Clock } from './ports/clock.js';
import type { EventLog } from './ports/event-log.js';
import type { Ids } from './ports/ids.js';
import type { Logger } from './ports/logger.js';
import type { ReadStore } from './ports/read-store.js';
import { StoreError } from './ports/store-error.js';

/** The only place that knows which adapter serves which port. */

/** What the outside world is made of; a test gives its own. */
export interface Adapters {
  clock: Clock;
  ids: Ids;
  logger: Logger;
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
}

type SystemAdapters = Pick<Adapters, 'clock' | 'ids' | 'logger'>;

/** Opens the embedded stores under DATA_DIR, and what else was not given. SDKs are loaded only when they are used. */
export async function openAdapters(config: Config, overrides: Partial<Adapters> = {}): Promise<Adapters> {
  const system = await openSystem(config, overrides);
  const { openSqliteEventLog } = await import('./adapters/sqlite/event-log.js');
  const { openSqliteReadStore } = await import('./adapters/sqlite/read-store.js');
  return {
    ...system,
    log: overrides.log ?? openSqliteEventLog({ ...system, path: dataFile(config, 'log.db') }),
    store: overrides.store ?? openSqliteReadStore({ ...system, path: dataFile(config, 'read.db') }),
    registry: overrides.registry ?? (await openRegistry(config, system)),
  };
}

/** The registry alone, for the tools that feed it. */
export async function openRegistry(config: Config, system?: SystemAdapters): Promise<CertificationRegistry> {
  const { openSqliteRegistry } = await import('./adapters/sqlite/certification-registry.js');
  return openSqliteRegistry({
    ...(system ?? (await openSystem(config, {}))),
    path: dataFile(config, 'registry.db'),
  });
}

/**
 * The event log alone, for the tools that read it.
 * @throws StoreError when there is none: a tool must not make an empty one and find nothing wrong with it
 */
export async function openEventLog(config: Config, system: SystemAdapters): Promise<EventLog> {
  const path = dataFile(config, 'log.db');
  if (!existsSync(path))
    throw new StoreError('store_unavailable', `${path}: there is no event log here; is DATA_DIR right?`);
  const { openSqliteEventLog } = await import('./adapters/sqlite/event-log.js');
  return openSqliteEventLog({ ...system, path });
}

export async function openSystem(config: Config, overrides: Partial<Adapters> = {}): Promise<SystemAdapters> {
  const { systemClock } = await import('./adapters/system/clock.js');
  const { systemIds } = await import('./adapters/system/ids.js');
  return {
    clock: overrides.clock ?? systemClock,
    ids: overrides.ids ?? systemIds,
    logger: overrides.logger ?? (await import('./adapters/system/logger.js')).createLogger(config.logLevel),
  };
}

function dataFile(config: Config, name: string): string {
  return join(resolve(config.dataDir), name);
}

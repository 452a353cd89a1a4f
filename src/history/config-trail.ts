import type { JobConfig } from '../events/job-config.js';
import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import { configBefore } from './audit-entry.js';
import { configAfterEvent } from './config-after-event.js';
import { needsConfigBefore } from './history-entry.js';
import type { JobHistory } from './job-history.js';

/**
 * The configuration before an event that is told, where its entry needs that one. It is given all events of jobs in the
 * order of the log, or all of one job; whatever it was not given costs a read, and nothing else. Null where an event
 * before it cannot be read.
 * @throws StoreError
 */
export type ConfigTrail = (recorded: RecordedEvent, isTold: boolean) => Promise<JobConfig | null | undefined>;

/** Of so many jobs the configuration is kept, some 5 kB each at most: those that have changed last. */
const MOST_JOBS = 500;

/**
 * Keeps the last configuration of each job while its events go by: to ask the history for each update costs several reads
 * of stores, and a stream falls behind those who write.
 */
export function createConfigTrail(configAt: JobHistory['configAt']): ConfigTrail {
  const trail = new Map<string, { version: number; config: JobConfig }>();

  function keep(cronId: string, version: number, config: JobConfig | undefined): void {
    trail.delete(cronId);
    if (config === undefined) return;
    trail.set(cronId, { version, config });
    const [oldest] = trail.keys();
    if (trail.size > MOST_JOBS && oldest !== undefined) trail.delete(oldest);
  }

  return async (recorded, isTold) => {
    const { stream, version } = recorded;
    const cronId = cronIdOf(stream);
    const known = trail.get(cronId);
    const kept = known?.version === version - 1 ? known.config : undefined;
    const isNeeded = kept === undefined && isTold && needsConfigBefore(recorded);
    const before = isNeeded ? await configBefore({ configAt }, recorded) : kept;
    keep(cronId, version, configAfterEvent(before ?? undefined, recorded));
    return before;
  };
}

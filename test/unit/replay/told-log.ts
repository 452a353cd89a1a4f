import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { EventMetadata } from '../../../src/events/metadata.js';
import { schemaVersionOf, type JobEvent } from '../../../src/events/parse-event.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { evolve, type CronJob } from '../../../src/job/cron-job.js';
import { decide } from '../../../src/job/decide.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { SLOT_ENGINE_VERSION } from '../../../src/schedule/slots.js';
import { createSeededIds } from '../../support/seeded-ids.js';

export const THRESHOLDS = [30, 7];
export const TODAY = { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: '2026a' };

/** A log in memory, filled by commands that are decided as the service decides them. */
export interface ToldLog {
  log: EventLog;
  job: (cronId: string) => CronJob | undefined;
  /** Decides and appends; nothing where the command leads to nothing. @throws what `decide` throws */
  tell: (
    cronId: string,
    at: string | number,
    command: JobCommand,
    by?: Partial<EventMetadata>,
  ) => Promise<JobEvent[]>;
  /** Appends as they are. */
  append: (
    stream: string,
    events: readonly { type: string; data: Record<string, unknown>; metadata?: Partial<EventMetadata> }[],
  ) => Promise<void>;
}

export function tellLog(path = ':memory:'): ToldLog {
  const ids = createSeededIds(7);
  const log = openSqliteEventLog({ clock: systemClock, ids, path });
  const jobs = new Map<string, CronJob | undefined>();
  const versions = new Map<string, number>();

  const append: ToldLog['append'] = async (stream, events) => {
    const expectedVersion = versions.get(stream) ?? 0;
    versions.set(stream, expectedVersion + events.length);
    const written = events.map(({ type, data, metadata }) => ({
      id: ids.uuid(),
      type,
      data,
      metadata: {
        actor: 'anonymous',
        correlation_id: 'request-1',
        causation_id: null,
        schema_version: 1,
        ...metadata,
      },
    }));
    await log.append([{ stream, expectedVersion, events: written }]);
  };

  return {
    log,
    job: (cronId) => jobs.get(cronId),
    append,
    async tell(cronId, at, command, by = {}) {
      const now = typeof at === 'number' ? at : Date.parse(at);
      const job = jobs.get(cronId);
      const version = versions.get(cronId) ?? 0;
      const events = decide(job, command, {
        cronId,
        version,
        now,
        allowSeconds: true,
        thresholds: THRESHOLDS,
      });
      versions.set(cronId, version + events.length);
      jobs.set(
        cronId,
        events.reduce<CronJob | undefined>(
          (before, event, index) => evolve(before, event, version + index + 1),
          job,
        ),
      );
      const actor = command.type === 'Tick' ? 'scheduler' : 'anonymous';
      const cause = { actor, correlation_id: ids.uuid(), causation_id: null, ...TODAY, ...by };
      const stamped = events.map(({ type, data }) => ({
        type,
        data,
        metadata: { ...cause, schema_version: schemaVersionOf(type) },
      }));
      if (stamped.length > 0) await append(jobStream(cronId), stamped);
      return events;
    },
  };
}

import { nextRunAt, evolve as evolveState, FOLD_VERSION, statusOf, type CronJob } from '../job/cron-job.js';
import { isJobEvent, type JobEvent } from '../events/parse-event.js';
import { toTimestamp } from '../events/timestamp.js';
import type { JobDocument } from '../ports/read-models.js';
import type { Row } from '../ports/read-store.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { scheduleWarnings } from '../schedule/schedule-warnings.js';
import type { Projection } from './projection.js';

/** A snapshot at each change of a client, and after so many events at the latest. */
export const SNAPSHOT_EVERY = 100;
/** In the keys of snapshots. */
const VERSION_DIGITS = 10;

/** What the list and the details of a job show. Folded with the write side's own rules, so the two cannot disagree. */
export function jobsProjection(options: ParseOptions): Projection<'jobs'> {
  return {
    model: 'jobs',
    keyOf: (event) => (isJobEvent(event) ? event.data.cron_id : undefined),
    evolve(document, event, { version, metadata }) {
      if (!isJobEvent(event)) return document;
      const before = document && stateOf(document);
      if (document !== undefined && before === undefined) return undefined;
      const job = evolveState(before, event, version, metadata.actor);
      if (job === undefined) return undefined;
      const shown = {
        cron_id: job.cron_id,
        key: job.key,
        ...job.config,
        status: statusOf(job),
        schedule_error: job.schedule_error,
        ...lastRun(document, event),
        next_run_at: nextRunAt(job, options),
        deleted_at: deletedAt(document, event),
      };
      const isWarned = (shown.last_run_result?.warnings.length ?? 0) > 0;
      return {
        ...shown,
        has_warnings: isWarned || scheduleWarnings(shown, options).length > 0,
        created_at: event.type === 'CronJobScheduled' ? event.data.created_at : (document?.created_at ?? ''),
        updated_at: toTimestamp(job.updated_at),
        run_count: job.last_run_no,
        config_version: job.config_version,
        reset_version: event.type === 'WatermarkReset' ? version : (document?.reset_version ?? null),
        state: { fold_version: FOLD_VERSION, version, job },
      };
    },
    isFolded: (row) => storedState(row) !== undefined,
    beside: {
      model: 'snapshots',
      rowOf(document, _event, { id, version }) {
        const isKept = version % SNAPSHOT_EVERY === 0 || document.config_version === version;
        if (!isKept) return undefined;
        const key = `${document.cron_id}@${String(version).padStart(VERSION_DIGITS, '0')}`;
        return { key, version, document: { ...withoutRequests(document), event_id: id } };
      },
    },
  };
}

/** As a snapshot is kept: whoever asks for a job as it was repeats nothing, and there may be 1,000 in each of very many. */
export function withoutRequests(document: JobDocument): JobDocument {
  const { state } = document;
  const job: CronJob = { ...(state.job as CronJob), requests: [] };
  return { ...document, state: { ...state, job } };
}

function deletedAt(document: JobDocument | undefined, event: JobEvent): string | null {
  if (event.type === 'CronJobDeleted') return event.data.deleted_at;
  return event.type === 'CronJobRestored' ? null : (document?.deleted_at ?? null);
}

/**
 * The state stored in the row of a job; undefined when this version of the fold has not made it of the row's own event: an
 * instance of an earlier version carries a state that it cannot use up to the versions of its own events, as it is.
 */
export function storedState({
  version,
  document,
}: Pick<Row<Pick<JobDocument, 'state'>>, 'version' | 'document'>): CronJob | undefined {
  return document.state.version === version ? stateOf(document) : undefined;
}

function stateOf({ state }: Pick<JobDocument, 'state'>): CronJob | undefined {
  return state.fold_version === FOLD_VERSION ? (state.job as CronJob) : undefined;
}

type LastRun = Pick<JobDocument, 'last_run_at' | 'last_run_status' | 'last_run_result'> & {
  last_run_id: string | null;
};

function lastRun(document: JobDocument | undefined, event: JobEvent): LastRun {
  if (event.type === 'RunStarted' && !event.data.dry_run) {
    const { run_id, started_at } = event.data;
    return {
      last_run_id: run_id,
      last_run_at: started_at,
      last_run_status: 'running',
      last_run_result: null,
    };
  }
  const before: LastRun = {
    last_run_id: document?.last_run_id ?? null,
    last_run_at: document?.last_run_at ?? null,
    last_run_status: document?.last_run_status ?? null,
    last_run_result: document?.last_run_result ?? null,
  };
  if (event.type !== 'RunCompleted' || event.data.run_id !== before.last_run_id) return before;
  return { ...before, last_run_status: event.data.status, last_run_result: event.data.result };
}

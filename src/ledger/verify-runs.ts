import { timeOf, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import { runNumberOf } from './run-number.js';
import type { Report } from './verify-slots.js';

const AFTER_DELETE: ReadonlySet<JobEvent['type']> = new Set([
  'RunCompleted',
  'RunResultRejected',
  // That of a cancel.
  'RequestAccepted',
  'CronJobRestored',
]);

/**
 * Proves the runs of one job, event by event: times never decrease, save at a reset; runs are numbered without a gap, each with the id
 * of its number, and completed at most once; a result is rejected only after a time-out or a cancel; no scheduled start while
 * disabled; between a delete and a restore, which takes up what was deleted, nothing but completions and the requests
 * that have asked for them; no overlap under forbid.
 */
export function createRunProof() {
  const open = new Map<string, { dry_run: boolean; timeoutMs: number; deadline: number }>();
  /** Ended by others than their worker, whose result may still come. */
  const unheard = new Set<string>();
  let last = '';
  let runNo = 0;
  let enabled = false;
  let deleted = false;
  let forbids = true;

  function configure({
    enabled: on,
    concurrency_policy,
  }: {
    enabled?: unknown;
    concurrency_policy?: unknown;
  }) {
    if (on !== undefined) enabled = on === true;
    if (concurrency_policy !== undefined) forbids = concurrency_policy === 'forbid';
  }

  function started({
    cron_id,
    run_id,
    run_no,
    slot,
    dry_run,
    started_at,
    timeout_seconds,
  }: Extract<JobEvent, { type: 'RunStarted' }>['data']): string[] {
    const faults: string[] = [];
    if (slot !== null && !enabled) faults.push(`${run_id} was started while the job was disabled`);
    const others = [...open].filter(([, run]) => !run.dry_run).map(([other]) => other);
    if (!dry_run && forbids && others.length > 0) faults.push(`${run_id} overlaps ${others.join(', ')}`);
    if (run_no !== runNo + 1) faults.push(`${run_id} has the number ${run_no} after ${runNo}`);
    if (runNumberOf(run_id, cron_id) !== run_no) faults.push(`${run_id} is not the id of run ${run_no}`);
    runNo = run_no;
    const timeoutMs = timeout_seconds * 1000;
    open.set(run_id, { dry_run, timeoutMs, deadline: fromTimestamp(started_at) + timeoutMs });
    return faults;
  }

  /** It is what it was at the delete; a client that declares it may have given it other settings. */
  function restored(data: Extract<JobEvent, { type: 'CronJobRestored' }>['data']): string[] {
    const faults: string[] = [];
    if (!deleted) faults.push('the job is restored, but it was not deleted');
    if (data.last_run_no !== runNo)
      faults.push(`the job is restored with ${data.last_run_no} runs after ${runNo}`);
    const isSame = data.enabled === enabled && (data.concurrency_policy === 'forbid') === forbids;
    if (data.key === null && !isSame)
      faults.push('the job is restored with other settings than it was deleted with');
    deleted = false;
    configure(data);
    return faults;
  }

  /** Takes the event in. @returns the promises that it breaks */
  function faultsOf(event: JobEvent): string[] {
    switch (event.type) {
      case 'CronJobScheduled':
        configure(event.data);
        return [];
      case 'CronJobUpdated':
        configure(event.data.changes);
        return [];
      case 'CronJobDeleted':
        deleted = true;
        return [];
      case 'CronJobRestored':
        return restored(event.data);
      case 'RunStarted':
        return started(event.data);
      case 'RunCompleted': {
        const { run_id, error } = event.data;
        const wasOpen = open.delete(run_id);
        if (error?.code === 'timed_out' || error?.code === 'cancelled') unheard.add(run_id);
        return wasOpen ? [] : [`${run_id} was completed, but is not open`];
      }
      case 'RunResultRejected': {
        const { run_id } = event.data;
        if (unheard.delete(run_id)) return [];
        return [`a result of ${run_id} was rejected, but it had not been timed out or cancelled`];
      }
      case 'WatermarkReset':
        for (const run of open.values())
          run.deadline = Math.min(run.deadline, fromTimestamp(event.data.reset_at) + run.timeoutMs);
        return [];
      case 'RunSkipped':
      case 'RequestAccepted':
      case 'ScheduleFailed':
        return [];
    }
  }

  return {
    take(event: JobEvent, report: Report): void {
      const at = timeOf(event);
      if (at < last && event.type !== 'WatermarkReset')
        report('broken', `${event.type} at ${at} comes after an event at ${last}`);
      last = at;
      if (deleted && !AFTER_DELETE.has(event.type)) report('broken', `${event.type} after the delete`);
      for (const fault of faultsOf(event)) report('broken', fault);
    },
    /** How many runs are open past their deadline; epoch milliseconds. */
    overdue: (now: number): number => [...open.values()].filter(({ deadline }) => deadline < now).length,
  };
}

import { timeOf, type JobEvent } from '../events/domain-event.js';
import { runIdOf } from '../events/stream-names.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { Report } from './verify-slots.js';

/**
 * Proves the runs of one job, event by event: times never decrease; runs are numbered without a gap, each with the id of
 * its number, and completed at most once; a result is rejected only after a time-out; no scheduled start while disabled,
 * nothing but completions after the delete; no overlap under forbid.
 */
export function createRunProof() {
  const open = new Map<string, { dry_run: boolean; deadline: number }>();
  const timedOut = new Set<string>();
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

  function start(
    {
      cron_id,
      run_id,
      run_no,
      slot,
      dry_run,
      started_at,
      timeout_seconds,
    }: Extract<JobEvent, { type: 'RunStarted' }>['data'],
    report: Report,
  ) {
    if (slot !== null && !enabled) report('broken', `${run_id} was started while the job was disabled`);
    const others = [...open].filter(([, run]) => !run.dry_run).map(([other]) => other);
    if (!dry_run && forbids && others.length > 0) report('broken', `${run_id} overlaps ${others.join(', ')}`);
    if (run_no !== runNo + 1) report('broken', `${run_id} has the number ${run_no} after ${runNo}`);
    if (run_id !== runIdOf(cron_id, run_no)) report('broken', `${run_id} is not the id of run ${run_no}`);
    runNo = run_no;
    open.set(run_id, { dry_run, deadline: fromTimestamp(started_at) + timeout_seconds * 1000 });
  }

  return {
    take(event: JobEvent, report: Report): void {
      const at = timeOf(event);
      if (at < last) report('broken', `${event.type} at ${at} comes after an event at ${last}`);
      last = at;
      if (deleted && event.type !== 'RunCompleted' && event.type !== 'RunResultRejected')
        report('broken', `${event.type} after the delete`);
      switch (event.type) {
        case 'CronJobScheduled':
          configure(event.data);
          break;
        case 'CronJobUpdated':
          configure(event.data.changes);
          break;
        case 'CronJobDeleted':
          deleted = true;
          break;
        case 'RunStarted':
          start(event.data, report);
          break;
        case 'RunCompleted': {
          const { run_id, error } = event.data;
          if (!open.delete(run_id)) report('broken', `${run_id} was completed, but is not open`);
          if (error?.code === 'timed_out') timedOut.add(run_id);
          break;
        }
        case 'RunResultRejected':
          if (!timedOut.delete(event.data.run_id))
            report('broken', `a result of ${event.data.run_id} was rejected, but it had not been timed out`);
          break;
        default:
          break;
      }
    },
    /** How many runs are open past their deadline; epoch milliseconds. */
    overdue: (now: number): number => [...open.values()].filter(({ deadline }) => deadline < now).length,
  };
}

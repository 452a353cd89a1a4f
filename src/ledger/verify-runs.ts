import { timeOf, type JobEvent } from '../events/domain-event.js';
import type { Report } from './verify-slots.js';

/**
 * Proves the runs of one job, event by event: times never decrease; runs are numbered without a gap, started once, and
 * completed once; no scheduled start while disabled or after the delete; no overlap under forbid.
 */
export function createRunProof() {
  const open = new Map<string, { dry_run: boolean }>();
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
    { run_id, run_no, slot, dry_run }: Extract<JobEvent, { type: 'RunStarted' }>['data'],
    report: Report,
  ) {
    if (slot !== null && !enabled) report('broken', `${run_id} was started while the job was disabled`);
    if (deleted) report('broken', `${run_id} was started after the delete`);
    const others = [...open].filter(([, run]) => !run.dry_run).map(([other]) => other);
    if (!dry_run && forbids && others.length > 0) report('broken', `${run_id} overlaps ${others.join(', ')}`);
    if (run_no !== runNo + 1) report('broken', `${run_id} has the number ${run_no} after ${runNo}`);
    runNo = run_no;
    open.set(run_id, { dry_run });
  }

  return {
    take(event: JobEvent, report: Report): void {
      const at = timeOf(event);
      if (at < last) report('broken', `${event.type} at ${at} comes after an event at ${last}`);
      last = at;
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
        case 'RunCompleted':
          if (!open.delete(event.data.run_id))
            report('broken', `${event.data.run_id} was completed, but is not open`);
          break;
        default:
          break;
      }
    },
  };
}

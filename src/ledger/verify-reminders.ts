import type { JobEvent, ReminderEvent } from '../events/parse-event.js';
import { runNumberOf } from './run-number.js';
import { createReminderStreamProof } from './verify-reminder-streams.js';
import type { Report } from './verify-slots.js';

/** Only what our own worker counts can be held against the log: another executor counts what it sends itself. */
const OWN_WORKER = 'worker';

/** The runs of one job, as far as their reminders go. */
interface RunsOfJob {
  /** The number of the newest one: they are numbered without a gap. */
  newest: number;
  open: Map<string, { dry_run: boolean; reminders: number }>;
  closedDryRuns: Set<string>;
}

/**
 * Proves the reminders of a log, event by event: each is in its stream, none after a nearer one; each names a run of its job
 * that was started before, and no dry run; and a run that our worker has completed with success has at least as many
 * before its end as its result counts. More are no fault: an attempt that was given up, or a second worker, may have read
 * another record of the registry than the one that completed the run.
 */
export function createReminderProof() {
  const streams = createReminderStreamProof();
  const jobs = new Map<string, RunsOfJob>();
  let reminders = 0;
  let counted = 0;

  function completed(
    { run_id, result }: Extract<JobEvent, { type: 'RunCompleted' }>['data'],
    job: RunsOfJob | undefined,
    actor: string,
  ): string[] {
    const run = job?.open.get(run_id);
    if (job === undefined || run === undefined) return [];
    job.open.delete(run_id);
    if (run.dry_run) job.closedDryRuns.add(run_id);
    if (run.dry_run || result === null || actor !== OWN_WORKER) return [];
    counted += Math.min(result.reminders_sent, run.reminders);
    return result.reminders_sent > run.reminders
      ? [`${run_id} counts ${result.reminders_sent} reminders, the log holds ${run.reminders} of it`]
      : [];
  }

  /** @returns the promise that it breaks */
  function faultOf({ data: { cron_id, run_id } }: ReminderEvent): string | undefined {
    const job = jobs.get(cron_id);
    const run = job?.open.get(run_id);
    if (run !== undefined) run.reminders++;
    const number = runNumberOf(run_id, cron_id);
    if (job === undefined || number === undefined || number < 1 || number > job.newest)
      return `a reminder of ${run_id}, which ${cron_id} has not started before`;
    if (run?.dry_run === true || job.closedDryRuns.has(run_id)) return `a reminder of the dry run ${run_id}`;
    return undefined;
  }

  return {
    /** @param actor who has caused the event */
    takeOfJob({ type, data }: JobEvent, actor: string, report: Report): void {
      if (type === 'RunStarted') {
        const { cron_id, run_id, run_no, dry_run } = data;
        const job = jobs.get(cron_id) ?? { newest: 0, open: new Map(), closedDryRuns: new Set() };
        job.newest = run_no;
        job.open.set(run_id, { dry_run, reminders: 0 });
        jobs.set(cron_id, job);
      }
      if (type === 'RunCompleted')
        for (const fault of completed(data, jobs.get(data.cron_id), actor)) report('broken', fault);
    },
    /** @param event undefined when it is none that can be read */
    take(
      { stream, version }: { stream: string; version: number },
      event: ReminderEvent | undefined,
      report: Report,
    ): void {
      streams.take(stream, version, event?.data, report);
      if (event === undefined) return;
      reminders++;
      const fault = faultOf(event);
      if (fault !== undefined) report('broken', fault);
    },
    /** How many there are, and how many of them the results of our worker's runs count. */
    sum: () => ({ reminders, counted }),
  };
}

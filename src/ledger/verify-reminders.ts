import type { JobEvent, ReminderEvent } from '../events/parse-event.js';
import { mustAgree, type SlotVersions } from '../schedule/slot-versions.js';
import { createFactsOfRuns, type RunFacts } from './run-facts.js';
import { runNumberOf } from './run-number.js';
import { faultOfDays, faultsByRules, mostReminders } from './run-rules.js';
import { createReminderStreamProof } from './verify-reminder-streams.js';
import { difference, type Report } from './verify-slots.js';

type RunCompleted = Extract<JobEvent, { type: 'RunCompleted' }>['data'];

/** Only what our own worker counts can be held against the log: another executor counts what it sends itself. */
const OWN_WORKER = 'worker';

/** The old leader and the new one may both be late with an append; each asks before the next one whether the run is open. */
const LATE_APPENDS = 2;

interface OpenRun {
  facts: RunFacts;
  reminders: number;
}

/** The runs of one job, as far as their reminders go. */
interface RunsOfJob {
  facts: ReturnType<typeof createFactsOfRuns>;
  open: Map<string, OpenRun>;
  /** Of runs with reminders after their end, when those were asked for: the reminders of one append have one time. */
  late: Map<string, Set<string>>;
}

/**
 * Proves the reminders of a log, event by event: each is in its stream, none after a nearer one; each names a run of its job
 * that was started before, and no dry run; and a run that our worker has completed with success has at least as many
 * before its end as its result counts. More are no fault: an attempt that was given up, or a second worker, may have read
 * another record of the registry than the one that completed the run. Where the start of a run has its rules, each reminder
 * was due by them, there are no more than they allow, and after the end of the run comes at most what was under way.
 */
export function createReminderProof(today: SlotVersions) {
  const streams = createReminderStreamProof(today);
  const jobs = new Map<string, RunsOfJob>();
  let reminders = 0;
  let counted = 0;

  function completed(event: RunCompleted, job: RunsOfJob | undefined, actor: string): string[] {
    const { run_id, result } = event;
    const run = job?.open.get(run_id);
    if (job === undefined || run === undefined) return [];
    job.open.delete(run_id);
    if (run.facts.dry_run || actor !== OWN_WORKER) return [];
    if (result === null) return refused(event, run);
    counted += Math.min(result.reminders_sent, run.reminders);
    const faults: string[] = [];
    if (result.reminders_sent > run.reminders)
      faults.push(
        `${run_id} counts ${result.reminders_sent} reminders, the log holds ${run.reminders} of it`,
      );
    const { rules } = run.facts;
    // What was allowed from the start on was reported at the first one too many.
    const most = rules === null ? Infinity : mostReminders(rules, result.records_checked);
    if (run.reminders > most && rules !== null && most < mostReminders(rules, null))
      faults.push(
        `${run_id} has ${run.reminders} reminders, with ${String(result.records_checked)} records ${most} are allowed`,
      );
    return faults;
  }

  /** Whether the brake was right: it has counted too many, by the limit of the rules, and let no more through than that. */
  function refused({ run_id, error }: RunCompleted, { facts, reminders: asked }: OpenRun): string[] {
    if (error?.code !== 'too_many_reminders' || facts.rules === null) return [];
    const { reminders: found = 0, limit = -1 } = error;
    const [least, most] = [mostReminders(facts.rules, 0), mostReminders(facts.rules, null)];
    if (limit < least || limit > most || found <= limit)
      return [
        `${run_id} was refused with ${found} reminders and a limit of ${limit}, its rules say otherwise`,
      ];
    return asked > limit && limit < most
      ? [`${run_id} was refused with a limit of ${limit}, the log holds ${asked} reminders of it`]
      : [];
  }

  /** @returns what is wrong with how many there are */
  function countOf(
    { run_id, requested_at }: ReminderEvent['data'],
    job: RunsOfJob,
    { rules }: RunFacts,
  ): string[] {
    if (rules === null) return [];
    const run = job.open.get(run_id);
    if (run !== undefined) {
      const most = mostReminders(rules, null);
      return run.reminders === most + 1
        ? [`${run_id} has more than the ${most} reminders that its rules allow`]
        : [];
    }
    const times = job.late.get(run_id) ?? new Set();
    job.late.set(run_id, times);
    const before = times.size;
    times.add(requested_at);
    return times.size > Math.max(before, LATE_APPENDS)
      ? [`${run_id} goes on with reminders after its end, at ${requested_at}`]
      : [];
  }

  function proveOfRun(
    { data }: ReminderEvent,
    job: RunsOfJob | undefined,
    facts: RunFacts | undefined,
    report: Report,
  ): void {
    const { cron_id, run_id } = data;
    if (job === undefined || facts === undefined) {
      report('broken', `a reminder of ${run_id}, which ${cron_id} has not started before`);
      return;
    }
    if (facts.dry_run) {
      report('broken', `a reminder of the dry run ${run_id}`);
      return;
    }
    const { rules, versions } = facts;
    for (const fault of countOf(data, job, facts)) report('broken', fault);
    if (rules === null) return;
    for (const fault of faultsByRules(data, rules)) report('broken', fault);
    const days = faultOfDays(data, facts);
    if (days === undefined) return;
    if (mustAgree(versions, today, rules.time_zone)) report('broken', days);
    else report('explained', `${days}; ${difference(versions, today)}`);
  }

  return {
    /** @param actor who has caused the event, @param versions those of its decision */
    takeOfJob(
      { type, data }: JobEvent,
      { actor, versions }: { actor: string; versions: SlotVersions },
      report: Report,
    ): void {
      if (type === 'RunStarted') {
        const { cron_id, run_id } = data;
        const job = jobs.get(cron_id) ?? { facts: createFactsOfRuns(), open: new Map(), late: new Map() };
        jobs.set(cron_id, job);
        job.open.set(run_id, { facts: job.facts.take(data, versions), reminders: 0 });
      }
      if (type === 'RunCompleted')
        for (const fault of completed(data, jobs.get(data.cron_id), actor)) report('broken', fault);
    },
    /** @param event undefined when it is none that can be read */
    take(place: { stream: string; version: number }, event: ReminderEvent | undefined, report: Report): void {
      const job = event && jobs.get(event.data.cron_id);
      const facts = event && job?.facts.of(runNumberOf(event.data.run_id, event.data.cron_id) ?? 0);
      streams.take(place, event?.data, facts, report);
      if (event === undefined) return;
      reminders++;
      const run = job?.open.get(event.data.run_id);
      if (run !== undefined) run.reminders++;
      proveOfRun(event, job, facts, report);
    },
    /** How many there are, and how many of them the results of our worker's runs count. */
    sum: () => ({ reminders, counted }),
  };
}

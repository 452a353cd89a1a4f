import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { RunRules } from '../../../src/events/job-events.js';
import type { ReminderEvent } from '../../../src/events/parse-event.js';
import { checkExpiry } from '../../../src/expiry-check/check-expiry.js';
import { explain, type JobOutlook } from '../../../src/expiry-check/explain.js';
import { forecast } from '../../../src/expiry-check/forecast.js';
import { compareBytes } from '../../../src/expiry-check/compare-bytes.js';
import { localDayOf } from '../../../src/expiry-check/expiry-day.js';
import { createStillDueReminders } from '../../../src/expiry-check/still-due-reminders.js';
import type { CronJob } from '../../../src/job/cron-job.js';
import type { Certification } from '../../../src/ports/certification-registry.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { ReminderDocument } from '../../../src/ports/read-models.js';
import type { RunOutcome } from '../../../src/runs/checked-run.js';
import { readWholeLog } from '../../support/read-whole-log.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

export const RULES: RunRules = {
  time_zone: 'UTC',
  reminder_thresholds: [30, 14, 7, 1, 0],
  select: null,
  max_reminders: null,
  confirm_reminders: null,
};

/** What was asked for, as a test writes it down: certification@threshold. */
export type Asked = string;

/** Records in memory, reminders in a log: the check without the stores of its records and read models. */
export interface CheckWorld {
  records: Map<string, Certification>;
  reminders(): Promise<ReminderEvent['data'][]>;
  /** @param at the start of the run, an instant or a day (then at noon UTC) */
  run: (at: string, options?: RunOptions) => Promise<{ outcome: RunOutcome; asked: Asked[] }>;
  /** @param on a day, YYYY-MM-DD */
  foresee(on: string, rules?: Partial<RunRules>): Promise<{ result: object; asked: Asked[] }>;
  outlook(certificationId: string, job: CronJob, at: string): Promise<JobOutlook>;
  /** Of all that runs have asked for, what still is due; each as it was asked for. */
  stillDue(at: string): Promise<ReminderEvent['data'][]>;
  logged: readonly LogLine[];
  close(): Promise<void>;
}

export interface RunOptions {
  rules?: Partial<RunRules>;
  dry_run?: boolean;
  run_id?: string;
  cron_id?: string;
  records_before?: number | null;
}

export function createCheckWorld(): CheckWorld {
  const clock = createVirtualClock('2026-01-01T00:00:00.000Z');
  const log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  const records = new Map<string, Certification>();
  const logger = createCollectingLogger();
  const rulesOfRuns = new Map<string, RunRules>();
  let runs = 0;

  function sorted(): Certification[] {
    return [...records.values()].sort(
      (a, b) =>
        compareBytes(a.mentor_id, b.mentor_id) || compareBytes(a.certification_id, b.certification_id),
    );
  }

  async function* pagesOf(wanted: readonly Certification[]): AsyncGenerator<Certification[]> {
    // Pages end within the records of a mentor.
    for (let at = 0; at < wanted.length; at += 3) yield await Promise.resolve(wanted.slice(at, at + 3));
  }

  async function recorded(): Promise<RecordedEvent[]> {
    return (await readWholeLog(log)).filter(({ type }) => type === 'ReminderRequested');
  }

  const registry = {
    pages: () => pagesOf(sorted()),
    pagesOf: (mentor: string) => pagesOf(sorted().filter(({ mentor_id }) => mentor_id === mentor)),
    find: (id: string) => Promise.resolve(records.get(id)),
    summary: () =>
      Promise.resolve({
        total: records.size,
        by_status: { active: records.size, suspended: 0, withdrawn: 0 },
        last_changed_at: '2026-01-01T00:00:00.000Z',
      }),
  };
  const store = {
    remindersOf: async (ids: readonly string[]) =>
      (await recorded())
        .filter(({ data }) => ids.includes(String(data.certification_id)))
        .map(({ stream, version, data }) => ({
          key: `${stream}/${version}`,
          version,
          document: { ...data, stream } as unknown as ReminderDocument,
        })),
  };
  const withRuns = {
    ...store,
    listReminders: async (runId: string, { after }: { after?: object | undefined }) =>
      after === undefined
        ? (await recorded())
            .filter(({ data }) => data.run_id === runId)
            .map(({ data }) => data as unknown as ReminderDocument)
        : [],
  };
  const dependencies = {
    registry,
    store: withRuns,
    log,
    clock,
    ids: systemIds,
    logger,
    maxAgeHours: null,
    stillKnown: () => Promise.resolve(),
  };

  return {
    records,
    reminders: async () => (await recorded()).map(({ data }) => data as unknown as ReminderEvent['data']),
    async run(at, { rules, dry_run = false, run_id = `run-${++runs}`, cron_id = 'cron-1', ...options } = {}) {
      const before = (await recorded()).length;
      rulesOfRuns.set(run_id, { ...RULES, ...rules });
      const outcome = await checkExpiry(
        {
          cron_id,
          run_id,
          dry_run,
          started_at: instantOf(at),
          rules: { ...RULES, ...rules },
          records_before: options.records_before ?? null,
          cause: { actor: 'test', correlation_id: run_id, causation_id: null },
          isOpen: () => true,
          isStillOpen: () => Promise.resolve(true),
          signal: new AbortController().signal,
        },
        dependencies,
      );
      const asked = (await recorded())
        .slice(before)
        .map(({ data }) => data as unknown as ReminderEvent['data']);
      return { outcome, asked: asked.map(written) };
    },
    async foresee(on, rules) {
      const asked: Asked[] = [];
      const result = await forecast(
        {
          rules: { ...RULES, ...rules },
          recordsBefore: null,
          day: Date.parse(on) / 86_400_000,
          onReminder: (reminder) => {
            asked.push(written(reminder));
          },
          goOn: () => undefined,
        },
        dependencies,
      );
      return { result, asked };
    },
    async outlook(certificationId, job, at) {
      const frozen = { ...clock, now: () => instantOf(at) };
      const asking = { registry, store, clock: frozen, thresholds: [], allowSeconds: true };
      const explained = await explain(certificationId, [job], asking);
      const outlook = explained?.jobs[0];
      if (outlook === undefined) throw new Error(`no outlook for ${certificationId}`);
      return outlook;
    },
    async stillDue(at) {
      const frozen = { ...clock, now: () => instantOf(at), sleep: () => clock.yield() };
      const stillDue = createStillDueReminders({
        log,
        registry,
        clock: frozen,
        logger,
        rulesOf: () => Promise.resolve(({ run_id }) => rulesOfRuns.get(run_id) ?? RULES),
      });
      const due = await stillDue(await recorded(), new AbortController().signal);
      return [...due].map(({ data }) => data as unknown as ReminderEvent['data']);
    },
    logged: logger.lines,
    close: () => log.close(),
  };
}

export function instantOf(at: string): number {
  return Date.parse(at.length === 10 ? `${at}T12:00:00Z` : at);
}

/** The day of an instant in a zone, YYYY-MM-DD. */
export function dayOf(at: string, timeZone: string): string {
  return new Date(localDayOf(instantOf(at), timeZone) * 86_400_000).toISOString().slice(0, 10);
}

function written({
  certification_id,
  threshold_days,
}: {
  certification_id: string;
  threshold_days: number;
}): Asked {
  return `${certification_id}@${threshold_days}`;
}

/** A record as a test names it: what matters, and defaults for the rest. */
export function record(
  certification_id: string,
  expires_at: string,
  given: Partial<Certification> = {},
): Certification {
  return {
    certification_id,
    mentor_id: 'm1',
    expires_at,
    type: null,
    labels: [],
    status: 'active',
    renewable_from: null,
    ...given,
  };
}

import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { RunResult, RunRules } from '../../../src/events/job-events.js';
import { checkExpiry, type CheckDependencies } from '../../../src/expiry-check/check-expiry.js';
import type { CheckedRun, RunOutcome } from '../../../src/runs/checked-run.js';
import { record, RULES } from './check-world.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { createProjectionRunner } from '../../../src/projections/projection-runner.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { readWholeLog } from '../../support/read-whole-log.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

export const EXPIRES = '2026-06-30';

/** The day that lies so many days before (or after) EXPIRES. */
export function dayBefore(daysLeft: number): string {
  return new Date(Date.parse(EXPIRES) - daysLeft * 86_400_000).toISOString().slice(0, 10);
}

/** A run as a test asks for it; without a limit unless it says so. */
type AskedRun = Partial<Omit<CheckedRun, 'rules'>> & { day: string; rules?: Partial<RunRules> };

/** The check with real stores in memory. */
export interface CheckBench extends Omit<CheckDependencies, 'clock' | 'registry' | 'store'> {
  clock: VirtualClock;
  registry: CertificationRegistry;
  store: ReadStore;
  logged: LogLine[];
  /** Registers certifications, each of a mentor of its own unless it says otherwise. */
  register(certifications: Record<string, { expires_at: unknown; mentor_id?: unknown }>): Promise<void>;
  /** A check as a worker does it: with the `reminders` model brought up to the log. */
  check(run: AskedRun): Promise<RunResult>;
  /** The same without bringing up the model. */
  checkBlindly(run: AskedRun): Promise<RunResult>;
  /** The same by a worker whose model shows nothing yet. */
  checkUnaware(run: AskedRun): Promise<RunResult>;
  reminders(): Promise<RecordedEvent[]>;
  close(): Promise<void>;
}

export function createCheckBench(): CheckBench {
  const clock = createVirtualClock('2026-03-26T02:00:00.000Z');
  const waiting = { clock, ids: systemIds, path: ':memory:' };
  const logger = createCollectingLogger();
  const log = openSqliteEventLog(waiting);
  const store = openSqliteReadStore(waiting);
  const registry = openSqliteRegistry(waiting);
  const runner = createProjectionRunner(projectionGroups({ allowSeconds: true }).reminders, {
    log,
    store,
    clock,
    ids: systemIds,
    logger,
  });
  const stop = new AbortController();
  const projecting = runner.run(stop.signal);
  const stillKnown = (): Promise<void> => Promise.resolve();
  const dependencies = { log, store, registry, clock, ids: systemIds, logger, maxAgeHours: null, stillKnown };
  let runs = 0;

  const blind: ReadStore = {
    ...store,
    remindersOf: () => Promise.resolve([]),
    listReminders: () => Promise.resolve([]),
  };

  function checkedRun({ day, rules, ...run }: AskedRun): CheckedRun {
    const run_id = run.run_id ?? `run-${++runs}`;
    return {
      cron_id: 'cron-1',
      run_id,
      dry_run: false,
      started_at: Date.parse(day.length === 10 ? `${day}T12:00:00.000Z` : day),
      records_before: null,
      rules: { ...RULES, max_reminders: 0, ...rules },
      cause: { actor: 'test', correlation_id: run_id, causation_id: null },
      isOpen: () => true,
      isStillOpen: () => Promise.resolve(true),
      signal: stop.signal,
      ...run,
    };
  }

  const bench: CheckBench = {
    ...dependencies,
    logged: logger.lines,
    async register(certifications) {
      const records = Object.entries(certifications).map(([certification_id, { expires_at, mentor_id }]) => ({
        ...record(certification_id, expires_at as string),
        mentor_id: (mentor_id === undefined ? `mentor of ${certification_id}` : mentor_id) as string,
      }));
      await registry.upsert(records, 'test');
    },
    async check(run) {
      const stillKnown = await runner.whenKnown(await log.head(), stop.signal);
      return resultOf(await checkExpiry(checkedRun(run), { ...bench, stillKnown }));
    },
    checkBlindly: async (run) => resultOf(await checkExpiry(checkedRun(run), bench)),
    checkUnaware: async (run) => resultOf(await checkExpiry(checkedRun(run), { ...bench, store: blind })),
    async reminders() {
      return (await readWholeLog(log)).filter(({ type }) => type === 'ReminderRequested');
    },
    async close() {
      stop.abort();
      await projecting;
      await Promise.all([log.close(), store.close(), registry.close()]);
    },
  };
  return bench;
}

/** @throws Error when the run has failed */
function resultOf(outcome: RunOutcome): RunResult {
  if (outcome.status === 'success') return outcome.result;
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
}

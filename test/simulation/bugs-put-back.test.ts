import { afterEach, expect, it, jest } from '@jest/globals';
import type { DecidedBatch } from '../../src/commands/decide-batch.js';
import type { CommandRequest } from '../../src/commands/command-request.js';
import type { AgreedClock } from '../../src/fleet/agreed-clock.js';
import type { Owed } from '../../src/job/settle-slots.js';
import type { Leadership } from '../../src/leadership/leadership.js';
import type { Clock } from '../../src/ports/clock.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { brokenPromises, expectFound, worlds } from './find-violations.js';

/** A checker that cannot fail proves nothing: bugs that schedulers really had are put back, and must be caught. */

const AGREED_CLOCK = '../../src/fleet/agreed-clock.js';
const CRON_JOB = '../../src/job/cron-job.js';
const OPEN_RUNS = '../../src/job/open-runs.js';
const DECIDE = '../../src/job/decide.js';
const DECIDE_BATCH = '../../src/commands/decide-batch.js';
const DRAFT = '../../src/job/draft.js';
const SETTLE = '../../src/job/settle-slots.js';
const SQLITE_LOG = '../../src/adapters/sqlite/event-log.js';
const LEADERSHIP = '../../src/leadership/leadership.js';
const TERM = '../../src/leadership/term.js';
// A runaway world takes a while to be stopped.
jest.setTimeout(120_000);

afterEach(() => {
  for (const name of [
    AGREED_CLOCK,
    CRON_JOB,
    DECIDE,
    DECIDE_BATCH,
    DRAFT,
    SETTLE,
    LEADERSHIP,
    SQLITE_LOG,
    TERM,
  ])
    jest.unstable_unmockModule(name);
  jest.resetModules();
});

it('no bug: nothing is found', async () => {
  expect(await brokenPromises([], worlds(1, 6))).toEqual([]);
});

it('the next slot computed from now, with a look back of a minute: slots are lost', async () => {
  const due = await import('../../src/job/settle-slots.js');
  const recent = (owed: Owed): Owed => ({ ...owed, after: Math.max(owed.after, owed.until - 60_000) });
  jest.unstable_mockModule(SETTLE, () => ({
    ...due,
    overlapped: (...[owed, busy]: Parameters<typeof due.overlapped>) => due.overlapped(recent(owed), busy),
    settle: (...[owed, options]: Parameters<typeof due.settle>) => due.settle(recent(owed), options),
  }));
  await expectFound([/slots were lost/, /verify finds nothing: (gap|\d+ slots wait)/], worlds(40, 10, 2));
});

it('no expected version, and no leader: slots have two outcomes', async () => {
  const sqlite = await import('../../src/adapters/sqlite/event-log.js');
  jest.unstable_mockModule(SQLITE_LOG, () => ({
    openSqliteEventLog: (options: Parameters<typeof sqlite.openSqliteEventLog>[0]): EventLog => {
      const log = sqlite.openSqliteEventLog(options);
      const atAnyVersion: EventLog['append'] = async (writes) => {
        const outcomes = await log.append(writes);
        const again = outcomes.flatMap((outcome, index) => {
          const write = writes[index];
          return outcome.kind === 'conflict' && write !== undefined
            ? [{ ...write, expectedVersion: outcome.version }]
            : [];
        });
        if (again.length === 0) return outcomes;
        const forced = await atAnyVersion(again);
        return outcomes.map((outcome) =>
          outcome.kind === 'conflict' ? (forced.shift() ?? outcome) : outcome,
        );
      };
      return { ...log, append: atAnyVersion };
    },
  }));
  // One leader alone would hardly ever need the version: it is the last defence.
  const leadership = await import('../../src/leadership/leadership.js');
  jest.unstable_mockModule(LEADERSHIP, () => ({
    ...leadership,
    createLeadership: (options: Parameters<typeof leadership.createLeadership>[0]): Leadership => ({
      ...leadership.createLeadership(options),
      run: (lead, signal) => lead({ number: 1, signal, assertHeld: () => undefined }),
    }),
  }));
  await expectFound([/has 2 outcomes/, /verify finds nothing: double/], worlds(40, 10));
});

it('a watermark that a skip does not move: slots have two outcomes', async () => {
  const cronJob = await import('../../src/job/cron-job.js');
  jest.unstable_mockModule(CRON_JOB, () => ({
    ...cronJob,
    evolve(...[job, event, version]: Parameters<typeof cronJob.evolve>) {
      const next = cronJob.evolve(job, event, version);
      return event.type === 'RunSkipped' && next && job ? { ...next, watermark: job.watermark } : next;
    },
  }));
  await expectFound([/verify finds nothing: double/], worlds(12, 10, 9));
});

it('a change that settles up to the clock, while it counts from a later time: a slot is lost', async () => {
  const { Draft } = await import('../../src/job/draft.js');
  class DraftByTheClock extends Draft {
    constructor(...args: ConstructorParameters<typeof Draft>) {
      super(...args);
      Object.defineProperties(this, { at: { value: this.at }, recordedAt: { value: this.now } });
    }
  }
  jest.unstable_mockModule(DRAFT, () => ({ Draft: DraftByTheClock }));
  // A clock that is some minutes ahead, a request there, and a change just after it elsewhere.
  await expectFound([/slots were lost/, /verify finds nothing: gap/], worlds(20, 1, 24), 'minutes');
});

it('every slot skipped as too old: each has an outcome, and the wrong one', async () => {
  const due = await import('../../src/job/settle-slots.js');
  jest.unstable_mockModule(SETTLE, () => ({
    ...due,
    settle: (...[owed, { now, ...options }]: Parameters<typeof due.settle>) =>
      due.settle(owed, { ...options, now: now + 365 * 86_400_000 }),
  }));
  await expectFound([/as missed_window, but were within the window/], worlds(40, 10));
});

it('changes that are acknowledged and dropped', async () => {
  const decider = await import('../../src/job/decide.js');
  jest.unstable_mockModule(DECIDE, () => ({
    decide: (...[job, command, options]: Parameters<typeof decider.decide>) =>
      command.type === 'UpdateCronJob' && job !== undefined ? [] : decider.decide(job, command, options),
  }));
  await expectFound([/\(acknowledged\) has left nothing/], worlds(40, 10));
});

it('commands that are written together, each decided without those before it', async () => {
  const { createDecideBatch } = await import('../../src/commands/decide-batch.js');
  jest.unstable_mockModule(DECIDE_BATCH, () => ({
    createDecideBatch: (...[dependencies]: Parameters<typeof createDecideBatch>) => {
      const decide = createDecideBatch(dependencies);
      const alone = (decided: (DecidedBatch | undefined)[]): DecidedBatch => ({
        version: Math.max(...decided.map((each) => each?.version ?? 0)),
        decisions: decided.flatMap((each) => each?.decisions ?? []),
      });
      return {
        onKnown(cronId: string, requests: readonly CommandRequest[]) {
          const decided = requests.map((request) => decide.onKnown(cronId, [request]));
          return decided.includes(undefined) ? undefined : alone(decided);
        },
        onNewest: async (cronId: string, requests: readonly CommandRequest[]) =>
          alone(await Promise.all(requests.map((request) => decide.onNewest(cronId, [request])))),
      };
    },
  }));
  await expectFound([/has the number \d+, not \d+/], worlds(40, 10, 3));
});

it('no limit of open runs: a client that triggers without end has all of them', async () => {
  const openRuns = await import('../../src/job/open-runs.js');
  jest.unstable_mockModule(OPEN_RUNS, () => ({ ...openRuns, MOST_OPEN_RUNS: Infinity }));
  await expectFound([/\d+ runs of its kind are open with/], worlds(60, 12, 3));
});

it('a leader that holds on for longer than its lease: it decides after another one has taken over', async () => {
  const terms = await import('../../src/leadership/term.js');
  jest.unstable_mockModule(TERM, () => ({
    ...terms,
    createTerm: (...[clock, number, from, forMs]: Parameters<typeof terms.createTerm>) =>
      terms.createTerm(clock, number, from, 3 * forMs),
  }));
  await expectFound([/decided in term \d+ at .*, after .* had taken over/], worlds(60, 10, 26));
});

it('a wall clock that is believed: it decides slots before they come', async () => {
  jest.unstable_mockModule(AGREED_CLOCK, () => ({
    createAgreedClock: (clock: Clock): AgreedClock => ({
      ...clock,
      offset: () => clock.now() - clock.monotonic(),
      ownOffset: () => clock.now() - clock.monotonic(),
      isOff: () => false,
      goBy: () => undefined,
    }),
  }));
  await expectFound([/decided \d+ ms before its time/], worlds(60, 0.1, 27), 'clocks');
});

it('no bug any more: nothing is found', async () => {
  expect(await brokenPromises([], worlds(1, 6))).toEqual([]);
});

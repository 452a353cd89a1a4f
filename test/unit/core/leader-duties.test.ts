import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { createProgress } from '../../../src/waiting/progress.js';
import { createLeaderDuties, type LeaderDuties } from '../../../src/core/leader-duties.js';
import { createTerm } from '../../../src/leadership/term.js';
import type { Duty } from '../../../src/waiting/one-at-a-time.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const LEASE_MS = 60_000;

let clock: VirtualClock;
let log: EventLog;
let ended: string[];

beforeEach(async () => {
  clock = createVirtualClock('2026-03-01T00:00:00Z');
  ended = [];
  const ids = createSeededIds(1);
  log = openSqliteEventLog({ path: ':memory:', clock, ids });
  const event = { id: ids.uuid(), type: 'Something', data: {}, metadata: {} as never };
  await log.append([{ stream: 'cronJob-1', expectedVersion: 0, events: [event] }]);
});

afterEach(() => log.close());

const untilOver =
  (what: string, lingering: number): Duty =>
  async (signal) => {
    await clock.sleep(Infinity, signal);
    await clock.sleep(lingering);
    ended.push(what);
  };

/** Of an instance whose fold is never moved. */
function dutiesWith(publish: Duty, projecting: Duty[] = []): LeaderDuties {
  return createLeaderDuties({
    log,
    clock,
    logger: createCollectingLogger(),
    fold: createJobFold(log),
    jobs: { whenAt: createProgress().whenAt, tap: () => () => undefined },
    scheduler: { standBy: () => Promise.resolve(), run: () => Promise.reject(new Error('it must not')) },
    projecting,
    publish,
    performRun: undefined,
  });
}

const led = ({ lead }: LeaderDuties): Promise<string> =>
  lead(createTerm(clock, 1, clock.monotonic(), LEASE_MS))
    .then(() => 'led', String)
    .finally(() => ended.push('leading'));

it('a leader whose fold stays behind gives up, and what it publishes has ended before the lease goes', async () => {
  const duties = dutiesWith(untilOver('publishing', 1_000), [untilOver('projecting', 5_000)]);
  const outcome = led(duties);
  await clock.advance(30_000);
  expect(ended).toEqual([]);
  await clock.advance(2_000);
  expect(await outcome).toMatch(/^FoldBehindError: the log was not followed to \d+ within 30000 ms$/);
  // The read store is the one's who takes it: only the very end waits for that.
  expect(ended).toEqual(['publishing', 'leading']);
  const all = duties.ended();
  await clock.advance(3_000);
  await all;
  expect(ended).toEqual(['publishing', 'leading', 'projecting']);
});

it('what publishes can see that the term is over before any timer has run', async () => {
  let found: unknown;
  const outcome = led(
    dutiesWith(async (signal, assertHeld) => {
      assertHeld();
      clock.skipTo('2026-03-01T00:02:00Z');
      const wasTold = signal.aborted;
      try {
        assertHeld();
      } catch (error) {
        found = { wasTold, error: String(error) };
      }
      await clock.sleep(Infinity, signal);
    }),
  );
  await clock.advance(0);
  await outcome;
  expect(found).toEqual({
    wasTold: false,
    error: 'TermOverError: term 1 is over: the lease could not be renewed in time',
  });
});

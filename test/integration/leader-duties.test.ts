import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { createJobFold } from '../../src/commands/job-fold.js';
import { createProgress } from '../../src/commands/progress.js';
import { createLeaderDuties } from '../../src/lead.js';
import { createTerm } from '../../src/leadership/term.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const LEASE_MS = 3_600_000;

it('a leader whose fold stays behind gives up, and what it publishes has ended before the lease goes', async () => {
  const clock = createVirtualClock('2026-03-01T00:00:00Z');
  const ids = createSeededIds(1);
  const log = openSqliteEventLog({ path: ':memory:', clock, ids });
  await log.append([
    {
      stream: 'cronJob-1',
      expectedVersion: 0,
      events: [{ id: ids.uuid(), type: 'Something', data: {}, metadata: {} as never }],
    },
  ]);
  const ended: string[] = [];
  const untilOver = (what: string, lingering: number) => async (signal: AbortSignal) => {
    await clock.sleep(Infinity, signal);
    await clock.sleep(lingering);
    ended.push(what);
  };
  const duties = createLeaderDuties({
    adapters: { log, clock, logger: createCollectingLogger() },
    fold: createJobFold(log),
    // Nobody moves it.
    folded: createProgress(),
    scheduler: { standBy: () => Promise.resolve(), run: () => Promise.reject(new Error('it must not')) },
    projecting: [untilOver('projecting', 5_000)],
    publish: untilOver('publishing', 1_000),
    performRun: undefined,
  });
  const outcome = duties.lead(createTerm(clock, 1, clock.monotonic(), LEASE_MS)).then(
    () => 'led',
    (error: unknown) => {
      ended.push('leading');
      return String(error);
    },
  );
  await clock.advance(30_000);
  expect(ended).toEqual([]);
  await clock.advance(2_000);
  expect(await outcome).toMatch(/^FoldBehindError: the log was not followed to \d+ within 30000 ms$/);
  // The read store is nobody's but the one's who takes it: that is not waited for, only at the very end.
  expect(ended).toEqual(['publishing', 'leading']);
  const all = duties.ended();
  await clock.advance(3_000);
  await all;
  expect(ended).toEqual(['publishing', 'leading', 'projecting']);
  await log.close();
});

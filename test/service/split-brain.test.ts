import { expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { createCore, type Core } from '../../src/core/core.js';
import { LEADER_LEASE_STREAM } from '../../src/events/stream-names.js';
import { checkExpiry } from '../../src/expiry-check/check-expiry.js';
import { jobState } from '../../src/http/job-bodies.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { START } from '../../src/ports/event-log.js';
import { tzdataVersion } from '../../src/adapters/system/tzdata-version.js';
import { checkRuns } from '../simulation/checkers/check-runs.js';
import { checkVerify } from '../simulation/checkers/check-verify.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const LEASE_MS = 5_000;
const JOBS = { 'cron-forbid': 'forbid', 'cron-allow': 'allow' } as const;

/** The log as one sees it who is lied to about the lease, until `isTrue`: alone with it, it always wins. */
function lyingAboutTheLease(log: EventLog, lies: EventLog, isTrue: () => boolean): EventLog {
  const of = (stream: string): EventLog => (stream === LEADER_LEASE_STREAM && !isTrue() ? lies : log);
  return {
    ...log,
    append: async (writes) =>
      (await Promise.all(writes.map((write) => of(write.stream).append([write])))).flat(),
    readStream: (stream, options) => of(stream).readStream(stream, options),
    setMaxCount: (stream, count) => of(stream).setMaxCount(stream, count),
    subscribe(options) {
      const [prefix, ...others] = options.prefixes;
      const isLease = prefix === LEADER_LEASE_STREAM && others.length === 0;
      return isLease ? lies.subscribe({ ...options, from: START }) : log.subscribe(options);
    },
  };
}

it('two that both believe that they lead: no slot starts twice, no run overlaps, and the one that is wrong steps down', async () => {
  const clock = createVirtualClock('2026-03-26T10:00:10.000Z');
  const waiting = { clock, ids: createSeededIds(99), path: ':memory:' };
  const [real, lies] = [openSqliteEventLog(waiting), openSqliteEventLog(waiting)];
  const [store, registry] = [openSqliteReadStore(waiting), openSqliteRegistry(waiting)];
  let isTrue = false;
  let lost = 0;
  const log: EventLog = {
    ...real,
    async append(writes) {
      const outcomes = await real.append(writes);
      lost += outcomes.filter(({ kind }) => kind === 'conflict').length;
      return outcomes;
    },
  };

  const loggers = [createCollectingLogger(), createCollectingLogger()];
  const [right, wrong] = loggers.map((logger, index): Core =>
    createCore(
      {
        instance: index === 0 ? 'right' : 'wrong',
        tzdataVersion,
        clock,
        ids: createSeededIds(index + 1),
        logger,
        store,
        registry,
        bus: undefined,
        log: index === 0 ? log : lyingAboutTheLease(log, lies, () => isTrue),
      },
      {
        leaseMs: LEASE_MS,
        allowSeconds: false,
        thresholds: [30],
        maxAgeHours: null,
        longestSleepMs: 1_000,
        executor: 'builtin',
        showJob: (document, now) => jobState(document, now, { allowSeconds: false }),
        check: checkExpiry,
        onAppended: () => undefined,
      },
    ),
  ) as [Core, Core];
  const starting = right.start();
  await clock.advance(1_000);
  await starting;
  const second = wrong.start();
  await clock.advance(1_000);
  await second;

  const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
  for (const [cronId, concurrency_policy] of Object.entries(JOBS)) {
    const config = { name: cronId, cron_expression: '* * * * *', concurrency_policy };
    const creating = right.commands.handle({ cronId, command: { type: 'ScheduleCronJob', config }, cause });
    await clock.advance(100);
    await creating;
  }
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(60_000);
    expect([right.leadership.state().leading, wrong.leadership.state().leading]).toEqual([true, true]);
  }
  // They were in each other's way all the time; and so were their projectors, which runs wait for.
  expect(lost).toBeGreaterThanOrEqual(5);

  isTrue = true;
  await clock.advance(LEASE_MS);
  expect([right.leadership.state().leading, wrong.leadership.state().leading]).toEqual([true, false]);
  expect(loggers[1]?.lines).toContainEqual({
    level: 'warn',
    message: 'leadership lost',
    fields: { instance: 'wrong', term: 1, reason: 'right has the lease, term 1' },
  });
  await clock.advance(60_000);

  const events = await readWholeLog(log);
  for (const cronId of Object.keys(JOBS)) {
    const starts = events.filter(
      ({ type, stream }) => type === 'RunStarted' && stream === `cronJob-${cronId}`,
    );
    const slots = starts.map(({ data }) => data.slot);
    expect(slots).toHaveLength(new Set(slots).size);
    expect(slots).toHaveLength(11);
  }
  expect([...checkRuns(events), ...(await checkVerify(log, clock.now()))]).toEqual([]);

  for (const core of [right, wrong]) {
    const stopping = core.stop();
    await clock.advance(5_000);
    await stopping;
  }
  await Promise.all([real.close(), lies.close(), store.close(), registry.close()]);
});

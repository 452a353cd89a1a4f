import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { auditEntry } from '../../../src/history/audit-entry.js';
import { auditInStream } from '../../../src/history/audit-in-stream.js';
import type { AuditPlace } from '../../../src/history/audit-query.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { happenedAt } from '../../../src/projections/audit.js';
import { append, sampleEvent, wholeStream } from '../../support/sample-events.js';
import { carriedOut, CRON_ID, histories } from './random-history.js';

const UP = { isLong: () => Promise.resolve(false) };

/** The versions on all pages of a question, and how many pages there are. */
async function asked(log: EventLog, range: { from?: number; to?: number }, limit = 3): Promise<number[]> {
  const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const history = createJobHistory(
    { log, store, clock: systemClock, modelsLag: UP },
    { allowSeconds: false },
  );
  const dependencies = {
    log,
    history,
    clock: systemClock,
    entryOfEvent: (recorded: Parameters<typeof auditEntry>[0]) => Promise.resolve(auditEntry(recorded, null)),
  };
  const versions: number[] = [];
  let after: AuditPlace | undefined;
  do {
    const query = { cronId: CRON_ID, actor: undefined, types: undefined, ...range, after, limit };
    const page = await auditInStream(
      dependencies,
      { from: undefined, to: undefined, ...query },
      new AbortController().signal,
    );
    versions.push(...page.entries.map(({ version }) => version));
    after = page.next;
  } while (after !== undefined);
  return versions;
}

it('pages of any range of times have the events that a filter over the whole stream has', async () => {
  let resets = 0;
  const bound = fc.option(fc.nat(30), { nil: undefined });
  const property = fc.asyncProperty(histories, bound, bound, async (steps, nthFrom, nthTo) => {
    const { log } = await carriedOut(steps);
    const events = await wholeStream(log, jobStream(CRON_ID));
    const timeOf = (nth: number | undefined): number | undefined => {
      const recorded = nth === undefined ? undefined : events[nth % events.length];
      return recorded && Date.parse(happenedAt(recorded));
    };
    const [from = -Infinity, to = Infinity] = [timeOf(nthFrom), timeOf(nthTo)];
    const fits = events.filter((recorded) => {
      const at = Date.parse(happenedAt(recorded));
      return at >= from && at < to;
    });
    resets += events.filter(({ type }) => type === 'WatermarkReset').length;
    const range = { ...(from > -Infinity && { from }), ...(to < Infinity && { to }) };
    expect(await asked(log, range)).toEqual(fits.map(({ version }) => version).reverse());
    await log.close();
  });
  await fc.assert(property, { numRuns: 60 });
  expect(resets).toBeGreaterThan(10);
});

it('an event that cannot be read, or is of an unknown type, ends no page', async () => {
  const { log } = await carriedOut([]);
  const [created] = await wholeStream(log, jobStream(CRON_ID));
  if (created === undefined) throw new Error('the job was not created');
  const at = '2999-01-01T00:00:00.000Z';
  const failed = (failed_at: string, schema_version = 1) => {
    const event = sampleEvent({ cron_id: CRON_ID, message: 'again', failed_at });
    return { ...event, type: 'ScheduleFailed', metadata: { ...event.metadata, schema_version } };
  };
  await append(log, jobStream(CRON_ID), 1, [failed(at), sampleEvent(), failed(at, 99), failed(at)]);
  expect(await asked(log, { from: Date.parse(at) })).toEqual([5, 2]);
  expect(await asked(log, { to: Date.parse('2026-03-27T00:00:00Z') })).toEqual([1]);
});

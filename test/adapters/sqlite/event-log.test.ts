import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { appended } from '../../support/sample-events.js';

const openLog = (path: string): EventLog => openSqliteEventLog({ clock: systemClock, ids: systemIds, path });

it('gives others a turn between the batches of a long log', async () => {
  const log = openLog(':memory:');
  for (let version = 0; version < 5_000; version += 500) await appended(log, 'cronJob-a', version, 500);
  let turns = 0;
  const stop = new AbortController();
  const turn = (): void => {
    turns++;
    if (!stop.signal.aborted) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const { caughtUp } of log.subscribe({ from: '', prefixes: [''], signal: stop.signal }))
    if (caughtUp) stop.abort();
  expect(turns).toBeGreaterThanOrEqual(4);
  await log.close();
});

describe('SQLite event log', () => {
  it('knows no event at a position of another log', async () => {
    const [log, longer] = [openLog(':memory:'), openLog(':memory:')];
    await appended(log, 'cronJob-a', 0, 2);
    const last = (await appended(longer, 'cronJob-a', 0, 3)).at(-1);
    expect(await log.eventIdAt(last?.position ?? '')).toBeUndefined();
    await Promise.all([log.close(), longer.close()]);
  });
});

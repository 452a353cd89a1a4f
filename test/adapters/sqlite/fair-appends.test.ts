import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog, Write } from '../../../src/ports/event-log.js';
import { turnWithTime } from '../../../src/waiting/turn-with-time.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let log: EventLog;

beforeEach(() => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(temporaryFolder(), 'log.db') });
});

afterEach(() => log.close());

function writeOf(stream: string, events: number): Write {
  const metadata = { actor: 'test', correlation_id: 't', causation_id: null, schema_version: 1 };
  const event = () => ({ id: systemIds.uuid(), type: 'Test', data: {}, metadata });
  return { stream, expectedVersion: 0, events: Array.from({ length: events }, event) };
}

const manyOf = (name: string, writes: number, events: number): Write[] =>
  Array.from({ length: writes }, (_, nth) => writeOf(`${name}-${nth}`, events));

async function headWhen(settled: Promise<unknown>): Promise<number> {
  await settled;
  return Number(await log.head());
}

it.each([
  [1, 1],
  [25, 1],
  [101, 1],
  [1, 90],
])('a small call waits for no large ones: %i events a write, and %i of its own', async (events, own) => {
  const large = ['a', 'b'].map((name) => log.append(manyOf(name, Math.ceil(3_000 / events), events)));
  const small = headWhen(log.append([writeOf('small', own)]));
  expect(await small).toBeLessThan(1_000);
  for (const outcomes of await Promise.all(large))
    expect(outcomes.every(({ kind }) => kind === 'appended')).toBe(true);
  expect(Number(await log.head())).toBe(2 * Math.ceil(3_000 / events) * events + own);
});

it('appends wait for no queries, however many of them are ready', async () => {
  let asking = true;
  let asked = 0;
  const askOn = async (): Promise<void> => {
    while (asking) {
      await turnWithTime(systemClock);
      asked++;
      for (const until = performance.now() + 2; performance.now() < until;);
    }
  };
  const loops = Array.from({ length: 50 }, askOn);
  await log.append(manyOf('many', 3_000, 1));
  asking = false;
  await Promise.all(loops);
  // Each of its 30 transactions begins in a turn of its own, with two queries at most.
  expect(asked).toBeLessThan(30 * 4 + 50);
});

import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog, Write } from '../../../src/ports/event-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const metadata = { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 };

function write(stream: string, data: Record<string, unknown> = {}): Write {
  return { stream, expectedVersion: 0, events: [{ id: systemIds.uuid(), type: 'Tested', data, metadata }] };
}

function open(path = join(temporaryFolder(), 'log.db')): EventLog {
  return openSqliteEventLog({ clock: systemClock, ids: systemIds, path });
}

describe('a log that is closed', () => {
  it('finishes the appends that were under way, and takes no more', async () => {
    const path = join(temporaryFolder(), 'log.db');
    const log = open(path);
    const underWay = Promise.all(Array.from({ length: 50 }, (_, index) => log.append([write(`s-${index}`)])));
    await log.close();
    expect(await underWay).toHaveLength(50);
    await expect(log.append([write('late')])).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(log.head()).rejects.toMatchObject({ code: 'store_unavailable' });
    const again = open(path);
    expect(Number(await again.head())).toBe(50);
    await again.close();
  });

  it('ends every subscription, also those that wait', async () => {
    const log = open();
    const { signal } = new AbortController();
    const caughtUp: Promise<void>[] = [];
    const ended = Array.from({ length: 3 }, async () => {
      const batches = log.subscribe({ from: '', prefixes: ['s'], signal })[Symbol.asyncIterator]();
      const first = batches.next();
      caughtUp.push(first.then(() => undefined));
      await first;
      expect(await batches.next()).toEqual({ done: true, value: undefined });
    });
    await Promise.all(caughtUp);
    await log.close();
    await Promise.all(ended);
  });
});

describe('what cannot be written', () => {
  it('fails alone: appends of the same turn are not touched', async () => {
    const log = open();
    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    const [good, bad] = await Promise.allSettled([
      log.append([write('good')]),
      log.append([write('bad', circular)]),
    ]);
    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
    expect(await log.append([])).toEqual([]);
    await log.close();
  });

  it('a stream always keeps its last event, which holds its version', async () => {
    const log = open();
    await log.append([write('s')]);
    await expect(log.setMaxCount('s', 0)).rejects.toThrow(RangeError);
    await log.close();
  });
});

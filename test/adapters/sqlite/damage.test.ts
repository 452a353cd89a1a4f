import { closeSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../../src/adapters/sqlite/driver.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { toRow } from '../../../src/adapters/sqlite/event-row.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { abortAll, follow } from '../../support/follow.js';
import { append, appended, manyStreams, sampleEvent, wholeStream } from '../../support/sample-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;
let opened: EventLog[];
beforeEach(() => {
  folder = temporaryFolder();
  opened = [];
});
afterEach(async () => {
  abortAll();
  for (const log of opened) await log.close();
});

function openLog(path: string): EventLog {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path });
  opened.push(log);
  return log;
}

/** The message names the file: it is all that an operator sees. */
const failure = (path: string, place = ''): unknown =>
  expect.objectContaining({
    name: 'StoreError',
    code: 'store_damaged',
    message: expect.stringMatching(new RegExp(`${path}.*${place}`)),
  });

function setUserVersion(path: string, version: number): void {
  const db = new Database(path);
  db.pragma(`user_version = ${version}`);
  db.close();
}

describe('log.db with damage', () => {
  /** A closed log of 3,000 events; closing moves everything from the write-ahead log into the file. */
  async function filledLog(): Promise<string> {
    const path = join(folder, 'log.db');
    const log = openLog(path);
    await log.append(manyStreams('cronJob-', 2_999));
    await append(log, 'cronJob-marked', 0, [sampleEvent({ text: 'the marked event' })]);
    await log.close();
    return path;
  }

  /** Overwrites the `nth` place where `text` is found, in the same length. */
  function change(path: string, text: string, replacement: string, nth = 0): void {
    let at = -1;
    const bytes = readFileSync(path);
    for (let found = 0; found <= nth; found++) at = bytes.indexOf(text, at + 1);
    expect(at).toBeGreaterThan(0);
    expect(replacement).toHaveLength(text.length);
    const file = openSync(path, 'r+');
    writeSync(file, replacement, at);
    closeSync(file);
  }

  it('is never silently shorter when its end is cut off', async () => {
    const path = await filledLog();
    truncateSync(path, Math.floor(statSync(path).size / 2 / 4_096) * 4_096);
    const readAll = async (): Promise<void> => {
      const log = openLog(path);
      await follow(log, ['']).untilCaughtUp();
    };
    await expect(readAll()).rejects.toEqual(failure(path));
  });

  it('names the position of an event whose data was changed', async () => {
    const path = await filledLog();
    change(path, 'the marked event', 'the market event');
    const log = openLog(path);
    const position = Number(await log.head());
    const damaged = failure(path, `position ${position} .cronJob-marked, version 1`);
    await expect(wholeStream(log, 'cronJob-marked')).rejects.toEqual(damaged);
    await expect(follow(log, ['cronJob-m']).untilCaughtUp()).rejects.toEqual(damaged);
    expect(await wholeStream(log, 'cronJob-1')).toHaveLength(1);
  });

  it.each([0, 1])('is never silently shorter when a stream name was changed (place %i of 2)', async (nth) => {
    const path = await filledLog();
    expect(readFileSync(path).toString('latin1').split('cronJob-marked')).toHaveLength(1 + 2);
    change(path, 'cronJob-marked', 'dronJob-marked', nth);
    const countAll = async (): Promise<number[]> => {
      const log = openLog(path);
      const following = follow(log, ['cronJob-']);
      await following.untilCaughtUp();
      return [following.events().length, (await wholeStream(log, 'cronJob-marked')).length];
    };
    await expect(countAll()).rejects.toEqual(failure(path));
  });

  const metadata = JSON.stringify(sampleEvent().metadata);

  it.each([
    ['metadata', '{}', 'null'],
    ['metadata', '{}', '[]'],
    ['metadata', '{}', '"text"'],
    ['metadata', '{}', ''],
    ['data', 'null', metadata],
    ['data', '[1]', metadata],
    ['data', '{"cut":', metadata],
  ])(
    'names the place of a row with a right checksum whose %s is no object (%s, %s)',
    async (_, data, other) => {
      const path = join(folder, 'log.db');
      const log = openLog(path);
      await appended(log, 'cronJob-whole', 0, 2);
      const place = { stream: 'cronJob-hand', version: 1, recorded_at: '2026-03-26T10:00:00.000Z' };
      const db = new Database(path);
      db.prepare(
        `INSERT INTO events (stream, version, id, type, data, metadata, recorded_at, checksum)
       VALUES (@stream, @version, @id, @type, @data, @metadata, @recorded_at, @checksum)`,
      ).run(toRow({ id: 'by-hand', type: 'SampleHappened', data, metadata: other }, place));
      db.close();
      const damaged = failure(path, 'position 3 .cronJob-hand, version 1');
      await expect(wholeStream(log, 'cronJob-hand')).rejects.toEqual(damaged);
      await expect(follow(log, ['cronJob-']).untilCaughtUp()).rejects.toEqual(damaged);
      expect(await wholeStream(log, 'cronJob-whole')).toHaveLength(2);
    },
  );

  it('is refused when its beginning is damaged', async () => {
    const path = await filledLog();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, 100);
    closeSync(file);
    expect(() => openLog(path)).toThrow(failure(path));
  });

  it('is refused when its format is older than any that there was', async () => {
    const path = await filledLog();
    setUserVersion(path, 0);
    expect(() => openLog(path)).toThrow(failure(path));
    setUserVersion(path, 1);
    const log = openLog(path);
    expect(await appended(log, 'cronJob-new', 0, 1)).toHaveLength(1);
  });
});

import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog, AppendedEvent, Write } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { abortAll, follow } from '../../support/follow.js';
import { jobRow } from '../../support/sample-documents.js';
import { append, eventsOf, sampleEvent, wholeStream } from '../../support/sample-events.js';
import { describeWithDisk, mountDisk } from './small-disk.js';

const STREAM = 'cronJob-a';
const options = (path: string) => ({ clock: systemClock, ids: systemIds, path });
const openLog = (path: string): EventLog => openSqliteEventLog(options(path));

describeWithDisk('a full disk', () => {
  let disk: string;
  let log: EventLog;
  beforeEach(() => {
    disk = mountDisk('1m');
    writeFileSync(join(disk, 'filler'), Buffer.alloc(400_000));
    log = openLog(join(disk, 'log.db'));
  });
  afterEach(async () => {
    abortAll();
    await log.close();
  });

  const nextWrite = (version: number): Write => ({
    stream: STREAM,
    expectedVersion: version,
    events: [sampleEvent({ text: 'x'.repeat(2_000) }), sampleEvent()],
  });

  /** Appends until the disk is full: what was acknowledged, and the attempt that was not. */
  async function fill(): Promise<{ acknowledged: AppendedEvent[]; failed: Write; error: unknown }> {
    const acknowledged: AppendedEvent[] = [];
    for (;;) {
      const write = nextWrite(acknowledged.length);
      try {
        acknowledged.push(...eventsOf(await append(log, STREAM, write.expectedVersion, write.events)));
      } catch (error) {
        return { acknowledged, failed: write, error };
      }
    }
  }

  it('writes nothing of a call after it has failed', async () => {
    writeFileSync(join(disk, 'more filler'), Buffer.alloc(300_000));
    const large = Array.from({ length: 101 }, () => sampleEvent({ text: 'x'.repeat(5_000) }));
    const writes = [
      { stream: STREAM, expectedVersion: 0, events: large },
      { stream: 'cronJob-b', expectedVersion: 0, events: [sampleEvent()] },
    ];
    await expect(log.append(writes)).rejects.toMatchObject({ code: 'storage_full' });
    const head = await log.head();
    for (let turn = 0; turn < 100; turn++) await systemClock.yield();
    expect(await log.head()).toBe(head);
  });

  it('is told as storage_full, and everything acknowledged can still be read', async () => {
    const { acknowledged, error } = await fill();
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'storage_full', message: expect.stringContaining(disk) });
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(await wholeStream(log, STREAM)).toEqual(acknowledged);
    await log.close();
    log = openLog(join(disk, 'log.db'));
    expect(await wholeStream(log, STREAM)).toEqual(acknowledged);
  });

  it('fails every append until there is space, then the same log goes on', async () => {
    const following = follow(log, ['cronJob-']);
    const { acknowledged, failed } = await fill();
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(log.append([failed])).rejects.toMatchObject({ code: 'storage_full' });
    }
    rmSync(join(disk, 'filler'));
    const [outcome] = await log.append([failed]);
    const all = [...acknowledged, ...eventsOf(outcome)];
    expect(eventsOf(await append(log, STREAM, failed.expectedVersion, failed.events))).toEqual(
      eventsOf(outcome),
    );
    for (let more = 0; more < 20; more++) {
      all.push(...eventsOf(await append(log, STREAM, all.length, [sampleEvent()])));
    }
    expect(await wholeStream(log, STREAM)).toEqual(all);
    await following.untilEvents(all.length);
    expect(following.events()).toEqual(all);
  });

  it('leaves no half-made file behind, and the next attempt makes it', async () => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'rest'), Buffer.alloc(bavail * bsize));
    const path = join(disk, 'read.db');
    expect(() => openSqliteReadStore(options(path))).toThrow(
      expect.objectContaining({ code: 'storage_full' }),
    );
    expect(existsSync(path)).toBe(false);
    rmSync(join(disk, 'rest'));
    const store = openSqliteReadStore(options(path));
    await store.write([{ model: 'jobs', rows: [jobRow('cron-a')] }]);
    await store.close();
  });
});

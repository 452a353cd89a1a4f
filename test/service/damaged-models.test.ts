import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/driver.js';
import { verifyLog } from '../../src/ledger/verify-log.js';
import { slotVersionsWith } from '../../src/schedule/slot-versions.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const JOB = { name: 'minutely', cron_expression: '* * * * *', concurrency_policy: 'allow' };

let clock: VirtualClock;
let folder: string;
let path: string;
let id: string;
let service: RunningApp;

const start = async (): Promise<RunningApp> => (service = await startApp({ DATA_DIR: folder }, { clock }));

/** A stopped service, whose job has run for three minutes. */
beforeEach(async () => {
  clock = createVirtualClock('2026-03-26T10:00:05.000Z');
  folder = temporaryFolder();
  path = join(folder, 'read.db');
  await start();
  id = String((await service.call('POST', '', JOB)).body.id);
  await clock.advance(180_000);
  await service.app.stop();
});

afterEach(() => service.app.stop());

function withDatabase(change: (db: Database) => void): void {
  const db = new Database(path);
  change(db);
  db.close();
}

async function startedSlots(): Promise<string[]> {
  const { body } = await service.call('GET', `/${id}/runs?limit=100`);
  return (body.data as { slot: string }[]).map(({ slot }) => slot.slice(14, 16));
}

async function expectSound(minutes: string[]): Promise<void> {
  await eventually('the read models are made anew', async () => {
    await clock.advance(1_000);
    const { status, body } = await service.call('GET', `/${id}`);
    return (
      status === 200 && body.last_run_status === 'success' && (await startedSlots()).length >= minutes.length
    );
  });
  expect(await startedSlots()).toEqual(minutes);
  const { log, tzdataVersion } = service.app.adapters;
  const today = slotVersionsWith(tzdataVersion);
  const quiet = { onFinding: () => undefined, onProgress: () => undefined };
  const { found } = await verifyLog(log, { today, now: clock.now(), ...quiet });
  expect(found).toMatchObject({ gap: 0, double: 0, broken: 0 });
}

const warnings = (): string[] =>
  service.logged.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('a row of the read models that was changed', () => {
  it.each([
    ['its watermark', `UPDATE jobs SET state = replace(state, '"watermark":17', '"watermark":16')`],
    ['its version', 'UPDATE jobs SET version = version - 1'],
    ['its version, upwards', 'UPDATE jobs SET version = version + 7'],
    ['its key', `UPDATE jobs SET key = 'cron-other'`],
    ['all of it', `UPDATE jobs SET document = '{}'`],
    ['its place in the list', 'UPDATE jobs SET is_deleted = 1'],
    ['an expression', `UPDATE jobs SET state = replace(state, '* * * * *', '0 * * * *')`],
  ])('in %s starts no slot twice, and is made anew', async (_, sql) => {
    withDatabase((db) => void db.exec(sql));
    await start();
    expect(warnings()).toContain('stored states not readable; folding the whole log instead');
    await clock.advance(60_000);
    await expectSound(['04', '03', '02', '01']);
    expect(warnings()).toContain('rebuilding read models from the log');
  });

  it('while the service runs is told to whoever reads it, and made anew', async () => {
    await start();
    withDatabase(
      (db) => void db.exec(`UPDATE runs SET document = replace(document, '"success"', '"failed"')`),
    );
    const { status, body } = await service.call('GET', `/${id}/runs`);
    expect([status, body.code]).toEqual([503, 'store_damaged']);
    await expectSound(['03', '02', '01']);
    // What was is told by the log alone.
    withDatabase(
      (db) => void db.exec(`UPDATE snapshots SET state = replace(state, '* * * * *', '0 * * * *')`),
    );
    const before = warnings().length;
    expect((await service.call('GET', `/${id}?as_of=2`)).body.cron_expression).toBe('* * * * *');
    await expectSound(['03', '02', '01']);
    expect(warnings().slice(before)).toContain('rebuilding read models from the log');
  });
});

it('a checkpoint that was changed is nobody’s: the models are made anew', async () => {
  withDatabase(
    (db) =>
      void db.exec(
        `UPDATE checkpoints SET checkpoint = replace(checkpoint, '"position":"0', '"position":"1')`,
      ),
  );
  await start();
  expect(warnings()).toContain('rebuilding read models from the log');
  await clock.advance(60_000);
  await expectSound(['04', '03', '02', '01']);
});

it('a total that is gone is made anew', async () => {
  await start();
  withDatabase((db) => void db.exec('DELETE FROM job_counts'));
  const { status, body } = await service.call('GET', '');
  expect([status, body.code]).toEqual([503, 'store_damaged']);
  await expectSound(['03', '02', '01']);
  expect((await service.call('GET', '')).body.pagination).toMatchObject({ total: 1 });
});

it('a wrong total hides no page', async () => {
  withDatabase((db) => void db.exec('UPDATE job_counts SET jobs = 0'));
  await start();
  expect((await service.call('GET', '')).body.data).toHaveLength(1);
});

describe('a read.db that cannot be used', () => {
  it.each<[string, () => void]>([
    ['garbage', () => writeFileSync(path, 'dear diary, '.repeat(1_000))],
    ['an empty file', () => writeFileSync(path, '')],
    ['cut off', () => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['of a newer version', () => withDatabase((db) => void db.pragma('user_version = 99'))],
    ['of another program', () => withDatabase((db) => void db.pragma('application_id = 7'))],
    ['known to be damaged', () => writeFileSync(`${path}.is-damaged`, '')],
  ])('does not end the start: %s', async (_, damage) => {
    damage();
    await start();
    expect(warnings()).toContain('read models set aside: they are made anew from the log');
    await expectSound(['03', '02', '01']);
    expect(readdirSync(folder).filter((name) => name.startsWith('read.db.'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^read\.db\.damaged-2026-03-26T\d{9}Z$/)]),
    );
  });

  it('is kept three times', async () => {
    for (let nth = 1; nth <= 5; nth++) {
      writeFileSync(path, 'dear diary, '.repeat(1_000));
      await start();
      await service.app.stop();
      clock.skipTo(new Date(clock.now() + 1_000).toISOString());
    }
    await start();
    const kept = readdirSync(folder).filter((name) => name.includes('damaged-'));
    expect(kept).toHaveLength(3);
  });

  it('is an error where it is a folder', async () => {
    const other = temporaryFolder();
    mkdirSync(join(other, 'read.db'));
    await expect(startApp({ DATA_DIR: other }, { clock })).rejects.toMatchObject({ name: 'StoreError' });
    await start();
  });

  it('is set aside at the next start when a page of it was found damaged, however large it is', async () => {
    await start();
    await service.app.stop();
    const bytes = readFileSync(path);
    const page = 4_096;
    // The first page says what the file is: it stays.
    for (let at = 2 * page; at < bytes.length; at += page) bytes.fill(0x7f, at, at + page);
    writeFileSync(path, bytes);
    await start();
    expect(warnings()).toContain('read models set aside: they are made anew from the log');
    await expectSound(['03', '02', '01']);
  });
});

it('a read.db that another process sets aside and makes anew is used by both from then on', async () => {
  await start();
  await clock.advance(5_000);
  writeFileSync(`${path}.is-damaged`, '');
  const another = await startApp({ DATA_DIR: folder }, { clock });
  await clock.advance(5_000);
  const { body: job } = await service.call('POST', '', { ...JOB, name: 'another' });
  await clock.advance(60_000);
  for (const instance of [service, another]) {
    expect((await instance.call('GET', `/${job.id}`)).body.last_run_status).toBe('success');
    expect((await instance.call('GET', '')).body.pagination).toMatchObject({ total: 2 });
  }
  await Promise.all([another.app.stop(), clock.advance(10_000)]);
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunClosedError } from '../../../src/runs/checked-run.js';
import { createCheckBench, dayBefore, EXPIRES, type CheckBench } from './check-fixture.js';
import { record } from './check-world.js';
import { readWholeLog } from '../../support/read-whole-log.js';
import { eventually } from '../../support/eventually.js';
import { startApp } from '../../support/running-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let bench: CheckBench;

beforeEach(() => {
  bench = createCheckBench();
});

afterEach(() => bench.close());

describe('a dry run', () => {
  it('counts exactly what a real run then sends, and writes nothing', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => [
      `c${index}`,
      { expires_at: dayBefore(100 - (index % 120)), mentor_id: `m${index % 900}` },
    ]);
    await bench.register(Object.fromEntries(many));
    await bench.check({ day: dayBefore(110) });
    const before = await bench.log.head();
    const dry = await bench.check({ day: dayBefore(105), dry_run: true });
    expect(await bench.log.head()).toBe(before);
    const real = await bench.check({ day: dayBefore(105) });
    expect(real).toEqual(dry);
    expect(real.reminders_sent).toBeGreaterThan(100);
    expect(real.mentors_checked).toBe(900);
    expect(await bench.check({ day: dayBefore(105), dry_run: true })).toMatchObject({ reminders_sent: 0 });
  });
});

describe('a dry run of the whole service', () => {
  it('leaves nothing in the log but its beginning and its end', async () => {
    const service = await startApp({ DATA_DIR: temporaryFolder() });
    const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await service.app.adapters.registry.upsert([record('c1', inThreeDays)], 'test');
    const { id } = (await service.call('POST', '', { name: 'job', cron_expression: '0 2 1 1 *' })).body;
    const results: unknown[] = [];
    for (const dry_run of [true, true, false, true]) {
      await service.call('POST', `/${id}/execute`, { dry_run });
      const run = await eventually('the run ends', async () => {
        const [newest] = (await service.call('GET', `/${id}/runs`)).body.data;
        return newest.status !== 'running' && newest;
      });
      results.push([run.dry_run, run.result]);
    }
    const counted = (reminders_sent: number) => ({ mentors_checked: 1, reminders_sent, errors: 0 });
    expect(results).toMatchObject([
      [true, counted(1)],
      [true, counted(1)],
      [false, counted(1)],
      [true, counted(0)],
    ]);
    const types = (await readWholeLog(service.app.adapters.log)).map(({ type }) => type);
    const run = ['RunStarted', 'RunCompleted'];
    expect(types).toEqual([
      'CronJobScheduled',
      ...run,
      ...run,
      'RunStarted',
      'ReminderRequested',
      'RunCompleted',
      ...run,
    ]);
    await service.app.stop();
  });
});

describe('a record that cannot be read', () => {
  it('counts as an error and is logged, and the others go on', async () => {
    await bench.register({
      good1: { expires_at: EXPIRES, mentor_id: 'm1' },
      bad1: { expires_at: '2026-02-30', mentor_id: 'm1' },
      bad2: { expires_at: 5, mentor_id: 'm2' },
      bad3: { expires_at: null, mentor_id: 'm3' },
      bad4: { expires_at: EXPIRES, mentor_id: null },
      bad5: { expires_at: EXPIRES, mentor_id: 7 },
      bad6: { expires_at: Buffer.from([1, 2]), mentor_id: 'm4' },
      good2: { expires_at: EXPIRES, mentor_id: 'm5' },
    });
    expect(await bench.check({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject({
      mentors_checked: 2,
      reminders_sent: 2,
      errors: 6,
    });
    const logged = bench.logged.map(({ level, fields }) => [level, fields]);
    expect(logged).toHaveLength(6);
    for (const id of ['bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'bad6'])
      expect(logged).toContainEqual([
        'warn',
        { run_id: 'run-1', certification_id: id, reason: expect.stringMatching(/./) },
      ]);
  });

  it('does not hide the others, also when there are more than a page of the kind', async () => {
    const bad = Array.from({ length: 1_001 }, (_, index) => [
      `bad${index}`,
      { expires_at: EXPIRES, mentor_id: null },
    ]);
    await bench.register({ ...Object.fromEntries(bad), good: { expires_at: EXPIRES } });
    expect(await bench.check({ day: dayBefore(7) })).toMatchObject({
      mentors_checked: 1,
      reminders_sent: 1,
      errors: 1_001,
    });
  });
});

describe('a record from before its ids were refused', () => {
  it('counts as an error where its id can still be read, and no other record is lost', async () => {
    const good = ['x', 'x\u00a0', 'x\ue000', 'x\ufb01', 'x\u{1F4C5}', 'y'];
    const bad = ['x\u0080', 'x\u009f', 'x\u007f'];
    // The store gives these back with replacement characters: the certification that they stand for is still known.
    const halves = Array.from({ length: 1_100 }, (_, index) => `x\ud800${index}`);
    const all = [...good, ...bad, ...halves];
    await bench.register(
      Object.fromEntries(all.map((id) => [id, { expires_at: EXPIRES, mentor_id: `m${id}` }])),
    );
    expect(await bench.check({ day: dayBefore(7) })).toMatchObject({
      mentors_checked: good.length + halves.length,
      reminders_sent: good.length + halves.length,
      errors: bad.length,
    });
    const asked = (await bench.reminders()).map(({ data }) => data.certification_id);
    expect(asked).toEqual(expect.arrayContaining(good));
  });
});

describe('a run that is repeated, or is not alone', () => {
  const many = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, index) => [`c${index}`, { expires_at: EXPIRES }]),
  );

  it('counts its own reminders again and asks for none twice', async () => {
    await bench.register(many);
    let asked = 0;
    const cut = bench.check({
      day: dayBefore(7),
      run_id: 'run-1',
      isStillOpen: () => Promise.resolve(++asked < 3),
    });
    await expect(cut).rejects.toThrow(RunClosedError);
    // Two pages but for the last mentor, of whom the next one may have more.
    expect(await bench.reminders()).toHaveLength(1_999);

    const whole = { mentors_checked: 3_000, reminders_sent: 3_000, errors: 0 };
    expect(await bench.check({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(whole);
    expect(await bench.check({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(whole);
    expect(await bench.checkBlindly({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(whole);
    const reminders = await bench.reminders();
    expect(reminders).toHaveLength(3_000);
    expect(new Set(reminders.map(({ stream }) => stream)).size).toBe(3_000);
  });

  it('counts a certification once that moves to another mentor while the run walks on', async () => {
    const seen = (mentor_id: string) => record('cert', EXPIRES, { mentor_id });
    bench.registry.pages = async function* () {
      yield [seen('m1')];
      yield await Promise.resolve([seen('m2')]);
    };
    const counted = { mentors_checked: 2, reminders_sent: 1, errors: 0 };
    expect(await bench.checkBlindly({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(counted);
    expect(await bench.check({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(counted);
    expect(await bench.reminders()).toHaveLength(1);
  });

  it('counts what the log has one reminder of once, though two records of the registry ask for it', async () => {
    // What a store makes of halves of characters that it cannot keep.
    const seen = record('k\ufffd', EXPIRES);
    bench.registry.pages = async function* () {
      yield await Promise.resolve([seen, seen]);
    };
    const counted = { mentors_checked: 1, reminders_sent: 1, errors: 0 };
    expect(await bench.checkBlindly({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(counted);
    expect(await bench.reminders()).toHaveLength(1);
  });

  it('counts its reminders again when it is repeated after a certification has moved', async () => {
    await bench.register({ cert: { expires_at: EXPIRES, mentor_id: 'm1' } });
    const counted = { mentors_checked: 1, reminders_sent: 1, errors: 0 };
    expect(await bench.checkBlindly({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(counted);
    await bench.register({ cert: { expires_at: EXPIRES, mentor_id: 'm2' } });
    expect(await bench.checkBlindly({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(counted);
  });

  it('leaves to another run what that one has sent at the same time', async () => {
    await bench.register(many);
    const results = await Promise.all(
      ['run-1', 'run-2', 'run-3'].map((run_id) => bench.checkBlindly({ day: dayBefore(7), run_id })),
    );
    const reminders = await bench.reminders();
    expect(reminders).toHaveLength(3_000);
    expect(new Set(reminders.map(({ stream }) => stream)).size).toBe(3_000);
    for (const [index, { reminders_sent, mentors_checked }] of results.entries()) {
      expect(mentors_checked).toBe(3_000);
      const own = reminders.filter(({ data }) => data.run_id === `run-${index + 1}`);
      expect(reminders_sent).toBe(own.length);
    }
  });

  describe('that sees less than what has been sent', () => {
    const sent = (count: number) => ({ mentors_checked: 1, reminders_sent: count, errors: 0 });
    const asked = async (): Promise<unknown[]> =>
      (await bench.reminders()).map(({ data }) => [data.run_id, data.threshold_days]);

    it('asks for none after a nearer one of another run', async () => {
      await bench.register({ cert: { expires_at: EXPIRES } });
      await bench.check({ day: dayBefore(1), run_id: 'run-2' });
      expect(await bench.checkUnaware({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(sent(0));
      expect(await asked()).toEqual([['run-2', 1]]);
    });

    it('asks again when another run has asked for a farther one only', async () => {
      await bench.register({ cert: { expires_at: EXPIRES } });
      await bench.check({ day: dayBefore(30), run_id: 'run-1' });
      await bench.check({ day: dayBefore(14), run_id: 'run-2' });
      expect(await bench.checkUnaware({ day: dayBefore(7), run_id: 'run-3' })).toMatchObject(sent(1));
      expect(await asked()).toEqual([
        ['run-1', 30],
        ['run-2', 14],
        ['run-3', 7],
      ]);
    });

    it('counts its own, also when a nearer one came after it', async () => {
      await bench.register({ cert: { expires_at: EXPIRES } });
      await bench.check({ day: dayBefore(7), run_id: 'run-1' });
      await bench.check({ day: dayBefore(1), run_id: 'run-2' });
      expect(await bench.checkUnaware({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(sent(1));
      expect(await bench.check({ day: dayBefore(7), run_id: 'run-1' })).toMatchObject(sent(1));
      expect(await bench.reminders()).toHaveLength(2);
    });

    it('asks before each attempt whether its run is still open', async () => {
      await bench.register({ cert: { expires_at: EXPIRES } });
      await bench.check({ day: dayBefore(30), run_id: 'run-1' });
      let times = 0;
      const isStillOpen = (): Promise<boolean> => Promise.resolve(++times < 2);
      const cut = bench.checkUnaware({ day: dayBefore(7), run_id: 'run-2', isStillOpen });
      await expect(cut).rejects.toThrow(RunClosedError);
      expect(await asked()).toEqual([['run-1', 30]]);
    });
  });
});

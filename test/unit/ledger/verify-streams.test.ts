import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reminderStream } from '../../../src/expiry-check/reminder-stream.js';
import {
  changed,
  completed,
  created,
  inStreamOfExpiry,
  inStreamOfItsOwn,
  reminder,
  started,
  startedBy,
  verify,
  type Made,
} from './made-log.js';

/** The same with another threshold. */
const nearer = (made: Made, threshold_days: number): Made => changed(made, { threshold_days });
const of = (made: Made, expires_at: string): Made => changed(made, { expires_at });
const follows = (days: number, before: number): string =>
  `broken: a reminder ${days} days before follows one ${before} days before`;
const a = reminder('a');

describe('the stream of a reminder', () => {
  const elsewhere = `certificationReminder-${'f'.repeat(40)}`;
  const belongs = `broken: a reminder that belongs into ${a.stream}`;

  it.each([
    ['a copy of it', [a, { ...a, stream: elsewhere }]],
    ['the only one', [{ ...a, stream: elsewhere }]],
    ['one in the stream of another certification', [{ ...a, stream: reminder('b').stream }]],
    [
      'one in the stream of another expiry, as earlier versions had them',
      [{ ...a, stream: inStreamOfExpiry(of(a, '2026-04-24')).stream }],
    ],
    [
      'one in the stream of another threshold, as the first versions had them',
      [{ ...a, stream: inStreamOfItsOwn(nearer(a, 7)).stream }],
    ],
    [
      'the second one of a stream as the first versions had them',
      [inStreamOfItsOwn(reminder('c')), { ...a, stream: inStreamOfItsOwn(reminder('c')).stream }],
    ],
  ])('is that of its certification: %s is found', async (_, made) => {
    expect((await verify(created, started(), ...made)).texts).toEqual([belongs]);
  });

  it('holds others to none that does not belong there, and to the nearest before, not to the last', async () => {
    const foreign = nearer({ ...reminder('b'), stream: a.stream }, 0);
    const { texts } = await verify(created, started(), foreign, nearer(a, 7), nearer(a, 14), nearer(a, 10));
    expect(texts).toEqual([
      `broken: a reminder that belongs into ${reminder('b').stream}`,
      follows(14, 7),
      follows(10, 7),
    ]);
  });

  it('is the one that the check writes to, whatever the certification', async () => {
    const reminders = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), {
      minLength: 300,
      maxLength: 300,
    });
    const [ids = []] = fc.sample(reminders, 1);
    const made = ids.map((certification_id): Made => ({
      ...changed(a, { certification_id }),
      stream: reminderStream(certification_id),
    }));
    expect(await verify(created, started(), ...made)).toMatchObject({ texts: [], reminders: 300 });
  });

  it.each([-10_000, 10_000, Number.MAX_SAFE_INTEGER])(
    'holds none for %i days before the expiry',
    async (days) => {
      const { texts } = await verify(created, started(), nearer(a, days));
      expect(texts).toEqual([`broken: a reminder ${days} days before: there are -9999 to 9999`]);
    },
  );

  it.each([-9_999, 0, 9_999])('may hold one for %i days before the expiry', async (days) => {
    expect((await verify(created, started(), nearer(a, days))).texts).toEqual([]);
  });
});

describe('a validity period', () => {
  /** 30 days before the day of each, by a run that starts on that day. */
  const bothOn = (one: string, other: string, rules = {}, versions = {}): Promise<{ texts: string[] }> =>
    verify(created, startedBy(rules, 1, versions), started(2), startedBy(rules, 3, versions), of(a, one), {
      ...of(a, other),
      data: { ...a.data, expires_at: other, run_id: 'run-0010000000003' },
    });
  const periods = async (...args: Parameters<typeof bothOn>): Promise<string[]> =>
    (await bothOn(...args)).texts.filter((text) => text.includes('follows'));

  it('has no threshold twice, and none after a nearer one: expiries 30 days apart are corrections of each other', async () => {
    expect(await periods('2026-04-25', '2026-04-25')).toEqual([follows(30, 30)]);
    expect(await periods('2026-04-25', '2026-05-25')).toEqual([follows(30, 30)]);
    expect(await periods('2026-04-25', '2026-03-26')).toEqual([follows(30, 30)]);
    expect(await periods('2026-04-25', '2026-05-26')).toEqual([]);
    expect(await periods('2026-04-25', '2026-03-25')).toEqual([]);
  });

  it('reaches as far as the largest threshold of the run', async () => {
    const rules = { reminder_thresholds: [90, 30] };
    expect(await periods('2026-04-25', '2026-07-24', rules)).toEqual([follows(30, 30)]);
    expect(await periods('2026-04-25', '2026-07-25', rules)).toEqual([]);
    expect(await periods('2026-04-25', '2026-05-25', { reminder_thresholds: [3, -1] })).toEqual([
      follows(30, 30),
    ]);
  });

  it('begins anew with each renewal, and an earlier one may be gone back to', async () => {
    const made = ['2026-04-25', '2027-04-25', '2026-05-25', '2026-07-01'].map((day) => of(a, day));
    const { texts } = await verify(created, started(), ...made);
    // Without rules, only what is less than 30 days apart in any zone is held against the log.
    expect(texts).toEqual([]);
    const { texts: again } = await verify(created, started(), ...made, of(a, '2026-05-24'));
    expect(again).toEqual([follows(30, 30)]);
  });

  it('is counted in the days of the zone of the rules', async () => {
    // In Kiritimati the first one falls on the 26th.
    const rules = { time_zone: 'Pacific/Kiritimati' };
    const versions = { slot_engine_version: 1, tzdata_version: '2025c' };
    expect(await periods('2026-04-25T12:00:00Z', '2026-05-26', rules, versions)).toEqual([follows(30, 30)]);
    expect(await periods('2026-04-25T12:00:00Z', '2026-05-26', {}, versions)).toEqual([]);
    const older = { ...versions, tzdata_version: '2020a' };
    expect(await periods('2026-04-25T12:00:00Z', '2026-05-26', rules, older)).toEqual([
      expect.stringMatching(/^explained: a reminder 30 days before follows one .*tzdata 2020a/),
    ]);
    // A date is the same day everywhere.
    expect(await periods('2026-04-25', '2026-04-26', rules, older)).toEqual([follows(30, 30)]);
  });

  it('has those after the expiry behind the others', async () => {
    const sound = await verify(created, started(), ...[30, 7, 0, -1, -9_999].map((days) => nearer(a, days)));
    expect(sound.texts).toEqual([]);
    const back = await verify(created, started(), nearer(a, -3), nearer(a, -1));
    expect(back.texts).toEqual([follows(-1, -3)]);
  });
});

describe('a log of earlier versions', () => {
  const [far, near] = [a, nearer(a, 7)];

  it.each([
    ['the first ones, in any order', [inStreamOfItsOwn(near), inStreamOfItsOwn(far)]],
    ['the second ones', [inStreamOfExpiry(far), inStreamOfExpiry(near)]],
    [
      'the second ones, with a corrected expiry',
      [
        inStreamOfExpiry(near),
        inStreamOfExpiry(of(far, '2026-04-26')),
        inStreamOfExpiry(of(near, '2026-04-26')),
      ],
    ],
    ['the first and the second ones', [inStreamOfItsOwn(far), inStreamOfExpiry(near)]],
    [
      'all, and goes on',
      [inStreamOfItsOwn(far), inStreamOfExpiry(near), nearer(a, 0), of(far, '2027-04-25')],
    ],
  ])('is proved: %s', async (_, made) => {
    expect(await verify(created, started(), ...made)).toMatchObject({ texts: [], reminders: made.length });
  });

  it('is proved by the names of its streams, whatever the expiries are', async () => {
    const instants = fc
      .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString())
      .chain((instant) =>
        fc.constantFrom(
          [instant.slice(0, 10), instant.slice(0, 10)],
          [instant, instant.slice(0, 10)],
          [`${instant.slice(0, 10)}T23:59:59.1234567-00:00`, instant.slice(0, 10)],
        ),
      );
    const edges = [
      ['0000-01-01', '0000-01-01'],
      ['0000-01-01T00:00:00+14:00', '00-1-12-31'],
      ['9999-12-31T23:59:59-12:00', '10000-01-01'],
      ['2026-03-01T00:30:00+01:00', '2026-02-28'],
    ];
    const reminders = [...edges, ...fc.sample(instants, 300)].map(([expires_at, date], index): Made => {
      const made = changed(reminder(`c${index}`), { expires_at: date });
      return changed(index % 2 === 0 ? inStreamOfExpiry(made) : inStreamOfItsOwn(made), { expires_at });
    });
    expect((await verify(created, started(), ...reminders)).texts).toEqual([]);
  });

  it.each([
    ['the first ones after one of the second', [inStreamOfExpiry(a), inStreamOfItsOwn(a)], 30],
    ['the second ones after one of the first', [inStreamOfItsOwn(a), inStreamOfExpiry(a)], 30],
    ['the second ones after a nearer one of the first', [inStreamOfItsOwn(near), inStreamOfExpiry(a)], 7],
    [
      'the second ones after a nearer and another one of the first',
      [inStreamOfItsOwn(near), inStreamOfItsOwn(nearer(a, 14)), inStreamOfExpiry(a)],
      7,
    ],
    ['the second ones', [inStreamOfExpiry(a), inStreamOfExpiry(a)], 30],
    ['this version after one of the first', [inStreamOfItsOwn(a), a], 30],
    ['this version after one of the second', [inStreamOfExpiry(a), a], 30],
    ['this version after a nearer one of the second', [inStreamOfExpiry(near), a], 7],
    [
      'this version after one for an expiry a few days before',
      [inStreamOfExpiry(of(near, '2026-04-20')), a],
      7,
    ],
    ['the second ones after one of this version', [a, inStreamOfExpiry(a)], 30],
    ['the first ones after one of this version', [a, inStreamOfItsOwn(a)], 30],
  ])('holds none again: %s', async (_, made, before) => {
    for (const start of [started(), startedBy()]) {
      const { texts } = await verify(created, start, ...made);
      expect(texts.filter((text) => text.includes('follows'))).toEqual([follows(30, before)]);
    }
  });

  it.each([-1, 10_000])('holds none for %i days before the expiry', async (days) => {
    const { texts } = await verify(created, started(), inStreamOfExpiry(nearer(a, days)));
    expect(texts).toEqual([`broken: a reminder ${days} days before: there are 0 to 9999`]);
  });
});

describe('an event in a stream where it does not belong', () => {
  const sound = [created, started(), reminder('a'), completed(1)];

  it.each([
    ['an event of a job among reminders', { ...created, stream: reminder('a').stream }],
    ['the first event of a stream of reminders', { ...created, stream: reminder('b').stream }],
    ['a reminder in the stream of a job', { ...reminder('b'), stream: created.stream }],
    ['the lease', { ...created, type: 'LeaseRenewed', data: {} }],
    ['a sign of life', { ...reminder('a'), type: 'InstanceSeen', data: {} }],
    ['one that cannot be read', { ...reminder('b'), stream: created.stream, data: {} }],
  ])('is found: %s', async (_, made: Made) => {
    const kind = made.stream === created.stream ? 'a job' : 'reminders';
    const { texts, reminders, events_unknown } = await verify(...sound, made);
    expect(texts).toEqual([`broken: ${made.type} does not belong into a stream of ${kind}`]);
    expect([reminders, events_unknown]).toEqual([1, 0]);
  });

  it('is counted and no fault when its type is unknown, as a newer version may have written it', async () => {
    const newer = (made: Made): Made => ({ ...made, type: 'JobPraised', data: { praise: 'good' } });
    const { texts, proved, reminders, events_unknown } = await verify(
      ...[created, newer(created), started(), newer(reminder('b')), reminder('a'), newer(reminder('a'))],
      completed(1),
    );
    expect([texts, proved, reminders, events_unknown]).toEqual([[], true, 1, 3]);
  });

  it.each([{ actor: 7 }, { actor: undefined }, { schema_version: undefined }, { schema_version: '1' }])(
    'is found when its metadata are not whole: %j',
    async (metadata) => {
      const { texts } = await verify({ ...created, metadata });
      expect(texts).toEqual(['broken: the metadata of CronJobScheduled has no actor or no schema_version']);
    },
  );
});

describe('the stream of a job', () => {
  it('begins with its schedule', async () => {
    const { texts } = await verify(started());
    expect(texts).toEqual(['broken: RunStarted comes before the job was scheduled']);
  });

  it('has no second beginning', async () => {
    const { texts } = await verify(created, created);
    expect(texts).toEqual(['broken: the job is scheduled again']);
  });
});

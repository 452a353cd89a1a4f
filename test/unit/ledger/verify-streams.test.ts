import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reminderStream } from '../../../src/expiry-check/reminder-stream.js';
import { completed, created, reminder, started, verify, type Made } from './made-log.js';

/** The same with another threshold. */
function nearer(made: Made, threshold_days: number): Made {
  return { ...made, data: { ...made.data, threshold_days } };
}

/** The same as the first versions of the service stored it: each reminder in a stream of its own. */
function inStreamOfItsOwn(made: Made): Made {
  const { certification_id, expires_at, threshold_days } = made.data;
  const identity = JSON.stringify([certification_id, expires_at, threshold_days]);
  const name = createHash('sha256').update(identity).digest('hex').slice(0, 40);
  return { ...made, stream: `certificationReminder-${name}` };
}

describe('the stream of a reminder', () => {
  const elsewhere = `certificationReminder-${'f'.repeat(40)}`;
  const a = reminder('a');
  const belongs = `broken: a reminder that belongs into ${a.stream}`;

  it.each([
    ['a copy of it', [a, { ...a, stream: elsewhere }]],
    ['the only one', [{ ...a, stream: elsewhere }]],
    ['one in the stream of another certification', [{ ...a, stream: reminder('b').stream }]],
    [
      'one in the stream of another threshold, as early versions had them',
      [{ ...a, stream: inStreamOfItsOwn(nearer(a, 7)).stream }],
    ],
    [
      'the second one of a stream as early versions had them',
      [inStreamOfItsOwn(reminder('c')), { ...a, stream: inStreamOfItsOwn(reminder('c')).stream }],
    ],
  ])('is that of its certification and expiry date: %s is found', async (_, made) => {
    expect((await verify(created, started(), ...made)).texts).toEqual([belongs]);
  });

  it('holds others to none that does not belong there, and to the nearest before, not to the last', async () => {
    const foreign = nearer({ ...reminder('b'), stream: a.stream }, 0);
    const { texts } = await verify(created, started(), foreign, nearer(a, 7), nearer(a, 14), nearer(a, 10));
    expect(texts).toEqual([
      `broken: a reminder that belongs into ${reminder('b').stream}`,
      'broken: a reminder 14 days before follows one 7 days before',
      'broken: a reminder 10 days before follows one 7 days before',
    ]);
  });

  it('is the one that the check writes to, whatever certification and expiry are', async () => {
    const year = (from: string, to: string) =>
      fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true });
    const day = year('0001-01-01', '9999-12-31').map((date) => date.toISOString().slice(0, 10));
    const instant = fc
      .tuple(day, fc.constantFrom('T00:00:00Z', 'T10:00Z', 'T23:59:59.1234567-13:45', 'T00:00:00+14:00'))
      .map((parts) => parts.join(''));
    const edge = fc.constantFrom('0000-01-01', '0000-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00');
    const certification = fc.record({
      certification_id: fc.string({ minLength: 1, unit: 'grapheme' }),
      expires_at: fc.oneof({ weight: 5, arbitrary: day }, { weight: 5, arbitrary: instant }, edge),
    });
    const reminders = fc
      .sample(certification, 300)
      .map((own): Made => ({ ...a, stream: reminderStream(own), data: { ...a.data, ...own } }))
      .filter(({ stream }, index, all) => all.findIndex((other) => other.stream === stream) === index);
    expect(await verify(created, started(), ...reminders)).toMatchObject({ texts: [] });
  });

  it('was of one reminder in early versions: none is found, in any order', async () => {
    const [far, near] = [inStreamOfItsOwn(a), inStreamOfItsOwn(nearer(a, 0))];
    for (const made of [
      [far, near],
      [near, far],
      [far, nearer(a, 7)],
    ])
      expect(await verify(created, started(), ...made)).toMatchObject({ texts: [], reminders: 2 });
  });

  it.each([
    ['after', [inStreamOfItsOwn(a), a], 30],
    ['before', [a, inStreamOfItsOwn(a)], 30],
    ['after one that is nearer than that of', [inStreamOfItsOwn(nearer(a, 7)), a], 7],
    [
      'after those with a nearer one last of',
      [inStreamOfItsOwn(nearer(a, 7)), inStreamOfItsOwn(nearer(a, 14)), a],
      7,
    ],
  ])('holds no reminder %s an early version', async (_, made, before) => {
    expect((await verify(created, started(), ...made)).texts).toEqual([
      `broken: a reminder 30 days before follows one ${before} days before`,
    ]);
  });

  it.each([-1, 10_000, Number.MAX_SAFE_INTEGER])('holds none for %i days before the expiry', async (days) => {
    const { texts } = await verify(created, started(), nearer(a, days));
    expect(texts).toEqual([`broken: a reminder ${days} days before: there are 0 to 9999`]);
  });

  it.each([0, 9_999])('may hold one for %i days before the expiry', async (days) => {
    expect((await verify(created, started(), nearer(a, days))).texts).toEqual([]);
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

import { describe, expect, it } from '@jest/globals';
import {
  changed,
  completed,
  created,
  reminder,
  RULES,
  RUN,
  started,
  startedBy,
  verify,
  type Made,
} from './made-log.js';

const a = reminder('a');
const b = reminder('b');
const c = reminder('c');

/** An end of the run that our worker has written, other than success. */
const failed = (code: string, numbers: object = {}): Made =>
  changed(completed(null), { error: { code, message: 'so it ended', ...numbers } });

/** A success that has looked at so many records. */
function counting(reminders_sent: number, records_checked: number): Made {
  const result = {
    mentors_checked: 9,
    reminders_sent,
    errors: 0,
    records_checked,
    reasons: null,
    warnings: [],
  };
  return { ...changed(completed(reminders_sent), { result }), metadata: { schema_version: 3 } };
}

describe('a reminder and the rules of its run', () => {
  const dated = (expires_at: string, threshold_days: number, days_left: number): Made =>
    changed(a, { expires_at, threshold_days, days_left });

  it.each([
    ['on the first day', dated('2026-04-25', 30, 30)],
    ['on the last day before a nearer one', dated('2026-04-03', 30, 8)],
    ['on the day of expiry', dated('2026-03-26', 0, 0)],
    ['after the expiry', dated('2026-03-20', -5, -6)],
    ['on the last day after the expiry', dated('2026-03-14', -5, -12)],
    ['by an instant of that day', dated('2026-04-25T23:59:59.99999Z', 30, 30)],
  ])('agree: %s', async (_, made) => {
    expect(await verify(created, startedBy(), made)).toMatchObject({ texts: [], proved: true });
  });

  it.each([
    ['another threshold', dated('2026-04-09', 14, 14), 'a reminder 14 days before: the run has 30, 7, 0, -5'],
    ['too early', dated('2026-04-26', 30, 31), 'a reminder 30 days before was not due with 31 days left'],
    [
      'a threshold before the expiry after it',
      dated('2026-03-25', 7, -1),
      'a reminder 7 days before was not due with -1 days left',
    ],
    ['too late', dated('2026-03-13', -5, -13), 'a reminder -5 days before was not due with -13 days left'],
    [
      'not the nearest',
      dated('2026-04-02', 30, 7),
      'a reminder 30 days before, and a nearer one was due with 7 days left',
    ],
    [
      'other days left',
      dated('2026-04-24', 30, 30),
      'a reminder with 30 days left: by the start of the run there were 29',
    ],
    [
      'other days left by an instant',
      dated('2026-04-26T00:00:00+01:00', 30, 29),
      'a reminder with 29 days left: by the start of the run there were 30',
    ],
  ])('are found to disagree: %s', async (_, made, text) => {
    expect((await verify(created, startedBy(), made)).texts).toEqual([`broken: ${text}`]);
  });

  it('agree by the days of its zone', async () => {
    // 10:01 of UTC is the next day there, and so is the end of the 25th.
    const made = dated('2026-04-25T23:00:00Z', 30, 30);
    const zone = { time_zone: 'Pacific/Kiritimati' };
    const versions = { slot_engine_version: 1, tzdata_version: '2025c' };
    const sound = await verify(created, startedBy(zone, 1, versions), made);
    expect(sound).toMatchObject({ texts: [], proved: true });
    const text = 'a reminder with 29 days left: by the start of the run there were 30';
    const other = changed(made, { days_left: 29 });
    expect((await verify(created, startedBy(zone, 1, versions), other)).texts).toEqual([`broken: ${text}`]);
    const older = { ...versions, tzdata_version: '2020a' };
    const explained = await verify(created, startedBy(zone, 1, older), other);
    expect(explained).toMatchObject({ proved: true, found: { explained: 1 } });
    expect(explained.texts).toEqual([
      `explained: ${text}; decided with engine 1 and tzdata 2020a, recomputed with engine 1 and tzdata 2025c`,
    ]);
  });

  it('are not held against each other in a zone that this machine does not know', async () => {
    const made = dated('2026-04-25T23:00:00Z', 30, 29);
    const { texts } = await verify(created, startedBy({ time_zone: 'Mars/Olympus' }), made);
    expect(texts).toEqual([]);
  });

  it('are found to disagree about its type', async () => {
    const rules = { select: { types: ['yoga'], labels: ['trainer'] } };
    const yoga = changed(a, { type: 'yoga' });
    const own = { schema_version: 2 };
    const { texts } = await verify(...[created, startedBy(rules), { ...yoga, metadata: own }, b], {
      ...changed(c, { type: 'judo' }),
      metadata: own,
    });
    expect(texts).toEqual([
      'broken: a reminder of the type null, which the run does not select',
      'broken: a reminder of the type judo, which the run does not select',
    ]);
  });

  it('are not asked of a run whose start does not say its rules', async () => {
    const made = changed(a, { threshold_days: 14, days_left: 3 });
    expect((await verify(created, started(), made)).texts).toEqual([]);
  });

  it('are those of its own run, when others follow with other rules', async () => {
    const second = 'run-0010000000002';
    const { texts } = await verify(
      ...[created, startedBy(), startedBy({ reminder_thresholds: [14] }, 2), startedBy({}, 3)],
      ...[a, reminder('b', second), reminder('c', 'run-0010000000003')],
    );
    expect(texts).toEqual(['broken: a reminder 30 days before: the run has 14']);
  });
});

describe('the limit of a run', () => {
  const more = (limit: number): string =>
    `broken: ${RUN} has more than the ${limit} reminders that its rules allow`;

  it.each([
    ['reached', { max_reminders: 2 }, []],
    ['passed by one', { max_reminders: 1 }, [more(1)]],
    ['passed by two, and told once', { max_reminders: 2, confirm_reminders: 0 }, [more(0)]],
    ['lifted by a confirmation', { max_reminders: 1, confirm_reminders: 2 }, []],
    ['none', { max_reminders: 0 }, []],
    ['the usual one', {}, []],
  ])('is %s', async (_, rules, texts) => {
    expect((await verify(created, startedBy(rules), a, b, counting(2, 7))).texts).toEqual(texts);
  });

  it('is a tenth of the records, and 1,000 at least', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => reminder(`c${index}`));
    const few = await verify(created, startedBy(), ...many, counting(1_001, 10_009));
    expect(few.texts).toEqual([`broken: ${RUN} has 1001 reminders, with 10009 records 1000 are allowed`]);
    expect((await verify(created, startedBy(), ...many, counting(1_001, 10_010))).texts).toEqual([]);
  });

  it('does not hold for what another executor says of itself', async () => {
    const external = {
      ...failed('too_many_reminders', { reminders: 1, limit: 5 }),
      actor: 'external-executor',
    };
    expect((await verify(created, startedBy(), external)).texts).toEqual([]);
  });

  it('has stopped a run that has none, or no more than it from an attempt before', async () => {
    for (const asked of [[], [a], [a, b]]) {
      const end = failed('too_many_reminders', { reminders: 3, limit: 2 });
      expect((await verify(created, startedBy({ max_reminders: 2 }), ...asked, end)).texts).toEqual([]);
    }
    const many = failed('too_many_reminders', { reminders: 5_000, limit: 1_234 });
    expect((await verify(created, startedBy(), a, many)).texts).toEqual([]);
  });

  it.each([
    ['no more than allowed', {}, { reminders: 1_000, limit: 1_000 }],
    ['less than the least', {}, { reminders: 1_000, limit: 999 }],
    ['more than the most', {}, { reminders: 300_000, limit: 250_001 }],
    ['another limit than that of the job', { max_reminders: 5 }, { reminders: 9, limit: 6 }],
    [
      'another limit than what was confirmed',
      { max_reminders: 5, confirm_reminders: 6 },
      { reminders: 9, limit: 5 },
    ],
    ['a limit where there is none', { max_reminders: 0 }, { reminders: 9_000, limit: 1_000 }],
  ])('has not stopped a run rightly with %s', async (_, rules, numbers) => {
    const { texts } = await verify(created, startedBy(rules), failed('too_many_reminders', numbers));
    const { reminders, limit } = numbers;
    expect(texts).toEqual([
      `broken: ${RUN} was refused with ${reminders} reminders and a limit of ${limit}, its rules say otherwise`,
    ]);
  });

  it('has not stopped a run that has more', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => reminder(`c${index}`));
    const end = failed('too_many_reminders', { reminders: 1_002, limit: 1_000 });
    expect((await verify(created, startedBy(), ...many, end)).texts).toEqual([
      `broken: ${RUN} was refused with a limit of 1000, the log holds 1001 reminders of it`,
    ]);
  });
});

describe('a result that comes too late', () => {
  const rejected: Made = changed(
    { ...created, type: 'RunResultRejected' },
    { run_id: RUN, status: 'success', result: null, rejected_at: '2026-03-26T10:04:00.000Z' },
  );

  it.each(['timed_out', 'cancelled'])('is rejected once, of a run that ended as %s', async (code) => {
    const end = failed(code);
    expect((await verify(created, startedBy(), end, rejected)).texts).toEqual([]);
    expect((await verify(created, startedBy(), end, rejected, rejected)).texts).toEqual([
      `broken: a result of ${RUN} was rejected, but it had not been timed out or cancelled`,
    ]);
  });

  it('is not rejected of a run that ended otherwise', async () => {
    const { texts } = await verify(created, startedBy(), failed('check_failed'), rejected);
    expect(texts).toHaveLength(1);
  });
});

describe('after the end of a run', () => {
  const at = (made: Made, minute: number): Made =>
    changed(made, { requested_at: `2026-03-26T10:${minute}:00.000Z` });
  const end = failed('cancelled');

  it('comes what two workers had under way, and nothing more', async () => {
    const late = [at(a, 10), at(b, 10), at(c, 11)];
    expect((await verify(created, startedBy(), end, ...late)).texts).toEqual([]);
    const d = reminder('d');
    const more = [at(d, 12), at(reminder('e'), 12), at(reminder('f'), 11)];
    expect((await verify(created, startedBy(), end, ...late, ...more)).texts).toEqual([
      `broken: ${RUN} goes on with reminders after its end, at 2026-03-26T10:12:00.000Z`,
    ]);
  });

  it('may come anything of a run without rules', async () => {
    const late = ['a', 'b', 'c', 'd'].map((id, index) => at(reminder(id), 10 + index));
    expect((await verify(created, started(), end, ...late)).texts).toEqual([]);
  });

  it('come none that its rules do not have', async () => {
    const { texts } = await verify(created, startedBy(), end, changed(a, { threshold_days: 29 }));
    expect(texts).toEqual([
      `broken: a reminder 29 days before: the run has ${RULES.reminder_thresholds.join(', ')}`,
    ]);
  });
});

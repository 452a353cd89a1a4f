import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jobRequests } from '../../../src/http/job-requests.js';
import { parseBody } from '../../../src/http/parse-request.js';
import { ProblemError } from '../../../src/http/problem.js';

const requests = jobRequests({ allowSeconds: false });
const update = (changes: unknown) => parseBody(requests.update, changes);
const execute = (body: unknown) => parseBody(requests.execute, body);

/** The fields that a body is refused for, each with what is said. */
function refused(parse: (body: unknown) => unknown, body: unknown): Record<string, string> {
  try {
    parse(body);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return Object.fromEntries((error.problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
  return {};
}

const days = fc.uniqueArray(fc.integer({ min: -9_999, max: 9_999 }), { minLength: 1, maxLength: 20 });
const term = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
const terms = fc.option(fc.uniqueArray(term, { minLength: 1, maxLength: 12 }));
const shuffled = <T>(values: readonly T[]) =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

describe('the rules of a job', () => {
  it('are the same in whatever order they are given', () => {
    const twice = fc.record({ days, types: terms, labels: terms }).chain(({ days: one, types, labels }) =>
      fc.tuple(
        fc.constant({ days: one, types, labels }),
        fc.record({
          days: shuffled(one),
          types: types === null ? fc.constant(null) : shuffled(types),
          labels: labels === null ? fc.constant(null) : shuffled(labels),
        }),
      ),
    );
    fc.assert(
      fc.property(twice, ([one, other]) => {
        const stored = ({ days: reminder_thresholds, types, labels }: typeof one) =>
          JSON.stringify(update({ reminder_thresholds, select: { types, labels } }));
        const reversed = JSON.stringify(
          update({
            select: { labels: other.labels, types: other.types },
            reminder_thresholds: other.days,
          }),
        );
        expect(stored(other)).toBe(stored(one));
        expect(reversed).toBe(stored(one));
        // What was stored may be sent back.
        expect(JSON.stringify(update(JSON.parse(stored(one))))).toBe(stored(one));
      }),
      { numRuns: 200 },
    );
  });

  it('are stored with the largest threshold first, and types before labels', () => {
    expect(update({ reminder_thresholds: [0, 30, -7, 7] })).toEqual({ reminder_thresholds: [30, 7, 0, -7] });
    expect(update(JSON.parse('{"reminder_thresholds":[-0]}'))).toEqual({ reminder_thresholds: [0] });
    expect(JSON.stringify(update({ select: { labels: ['b', 'a'] } }))).toBe(
      '{"select":{"types":null,"labels":["a","b"]}}',
    );
  });

  it('ask nothing when they are null, however that is said', () => {
    for (const select of [null, {}, { types: null }, { labels: null, types: null }])
      expect(update({ select })).toEqual({ select: null });
    expect(update({ reminder_thresholds: null, max_reminders: null })).toEqual({
      reminder_thresholds: null,
      max_reminders: null,
    });
  });

  it('may be left out, and at the limits', () => {
    const at = {
      reminder_thresholds: Array.from({ length: 20 }, (_, index) => 9_999 - index),
      select: { types: ['x'.repeat(128)], labels: Array.from({ length: 100 }, (_, nth) => `${100 + nth}`) },
      max_reminders: 250_000,
    };
    expect(update(at)).toEqual(at);
    expect(update({ max_reminders: 0 })).toEqual({ max_reminders: 0 });
    expect(update({})).toEqual({});
  });

  it.each([
    [{ reminder_thresholds: [] }, 'reminder_thresholds', '1 to 20 whole numbers of days, each once'],
    [{ reminder_thresholds: [7, 7] }, 'reminder_thresholds', 'each once'],
    [{ reminder_thresholds: Array.from({ length: 21 }, (_, day) => day) }, 'reminder_thresholds', '1 to 20'],
    [{ reminder_thresholds: '30,7' }, 'reminder_thresholds', 'a list'],
    [{ reminder_thresholds: [10_000] }, 'reminder_thresholds.0', 'from -9999 to 9999'],
    [{ reminder_thresholds: [1, -10_000] }, 'reminder_thresholds.1', 'from -9999 to 9999'],
    [{ reminder_thresholds: [1.5] }, 'reminder_thresholds.0', 'a whole number'],
    [{ reminder_thresholds: ['7'] }, 'reminder_thresholds.0', 'a whole number'],
    [{ select: [] }, 'select', 'must be null, or an object with types, labels or both'],
    [{ select: 'first_aid' }, 'select', 'must be null, or an object with types, labels or both'],
    [{ select: { typ: ['a'] } }, 'select.typ', 'is not known; allowed: types, labels'],
    [JSON.parse('{"select":{"__proto__":{}}}'), 'select.__proto__', 'is not known'],
    [{ select: { types: [] } }, 'select.types', '1 to 100 texts, each once'],
    [{ select: { types: ['a', 'a'] } }, 'select.types', 'each once'],
    [{ select: { types: 'a' } }, 'select.types', 'a list of 1 to 100 texts'],
    [{ select: { labels: Array.from({ length: 101 }, (_, nth) => `${nth}`) } }, 'select.labels', '1 to 100'],
    [{ select: { labels: [''] } }, 'select.labels.0', '1 to 128 characters'],
    [{ select: { labels: ['a', 'x'.repeat(129)] } }, 'select.labels.1', '1 to 128 characters'],
    [{ select: { labels: ['a\u0000'] } }, 'select.labels.0', 'control characters'],
    [{ select: { labels: ['\ud800'] } }, 'select.labels.0', 'surrogates'],
    [{ select: { labels: [null] } }, 'select.labels.0', '1 to 128 characters'],
    [{ max_reminders: -1 }, 'max_reminders', 'from 0 to 250000'],
    [{ max_reminders: 250_001 }, 'max_reminders', 'from 0 to 250000'],
    [{ max_reminders: 0.5 }, 'max_reminders', 'a whole number'],
  ])('are refused with the field named, and what is allowed: %j', (changes, field, says) => {
    expect(refused(update, changes)).toEqual({ [field]: expect.stringContaining(says) });
  });

  it('are refused at once, however long the list is', () => {
    const texts = Array.from({ length: 100_000 }, () => '');
    expect(refused(update, { select: { types: texts } })).toEqual({
      'select.types': expect.stringContaining('1 to 100 texts'),
    });
  });
});

describe('how many reminders are confirmed', () => {
  it.each([1, 5_000, 250_000])('may be %d', (confirm_reminders) => {
    expect(execute({ confirm_reminders })).toEqual({ confirm_reminders });
  });

  it.each([0, -1, 250_001, 1.5, '5', null, true])('may not be %j', (confirm_reminders) => {
    expect(refused(execute, { confirm_reminders })).toEqual({
      confirm_reminders: 'must be a whole number from 1 to 250000',
    });
  });

  it('select no more than every run can carry', () => {
    const wide = (count: number) =>
      Array.from({ length: count }, (_, nth) => `${nth}${'\u20ac'.repeat(120)}`);
    expect(refused(update, { select: { types: wide(11) } })).toEqual({});
    expect(refused(update, { select: { types: wide(12) } })).toEqual({
      select: 'must have at most 4096 bytes as JSON',
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownErrorCodes } from '../../../src/events/job-events.js';
import { firstCharacters } from '../../../src/messaging/first-characters.js';
import { recordedError } from '../../../src/messaging/reported-error.js';

const recorded = (code: unknown, message = 'why') => Object.values(recordedError({ code, message }));

describe('the error that an executor reports', () => {
  it.each<[string, unknown, string, string]>([
    ['none', undefined, 'check_failed', 'why'],
    ['null', null, 'check_failed', 'why'],
    ['an empty one', '', 'check_failed', 'why'],
    ['its own', 'DIRECTORY_DOWN', 'DIRECTORY_DOWN', 'why'],
    ['one with all that is allowed', 'a.B-9_', 'a.B-9_', 'why'],
    ['one of 64 characters', 'c'.repeat(64), 'c'.repeat(64), 'why'],
    ['one of 65 characters', 'c'.repeat(65), 'check_failed', `${'c'.repeat(64)}…: why`],
    ['one with a space', 'no way', 'check_failed', 'no way: why'],
    ['one with a line end', 'code\n', 'check_failed', 'code\n: why'],
    ['one of other letters', 'größer', 'check_failed', 'größer: why'],
    ['a number', 404, 'check_failed', '404: why'],
    ['a truth value', false, 'check_failed', 'false: why'],
    ['an object', { code: 1 }, 'check_failed', 'a code that is no text: why'],
    ['the time-out of this service', 'timed_out', 'check_failed', 'timed_out: why'],
    ['a run that was cancelled here', 'cancelled', 'check_failed', 'cancelled: why'],
    ['the brake of this service', 'too_many_reminders', 'check_failed', 'too_many_reminders: why'],
    ['the failure of this service', 'check_failed', 'check_failed', 'why'],
    ['half of a surrogate pair', 'a\ud800', 'check_failed', 'a\ufffd: why'],
  ])('keeps its result and its code: %s', (_, code, kept, message) => {
    expect(recorded(code)).toEqual([kept, message]);
  });

  it('keeps a result whose code is nested too deeply to be shown', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    expect(recorded(deep)).toEqual(['check_failed', 'a code that is no text: why']);
  });

  it('is cut to 2,000 characters, and says how long it was', () => {
    expect(recorded('E', 'x'.repeat(2_000))).toEqual(['E', 'x'.repeat(2_000)]);
    expect(recorded('E', 'x'.repeat(2_001))).toEqual(['E', `${'x'.repeat(1_981)}… (2001 characters)`]);
    const [, inPairs = ''] = recorded('E', '\u{1F4C5}'.repeat(1_500));
    expect(inPairs).toMatch(/^\u{1F4C5}{990}… \(3000 characters\)$/u);
  });

  it('always fits, and is a text that every store can keep', () => {
    const half = fc.constantFrom('\ud800', '\udfff', '\u{1F4C5}', 'a', '\n');
    const text = fc.array(half, { maxLength: 40 }).map((some) => some.join(''));
    const message = fc.tuple(text, fc.nat(120)).map(([some, times]) => some.repeat(times));
    fc.assert(
      fc.property(
        fc.oneof(text, fc.jsonValue(), fc.constantFrom(...ownErrorCodes)),
        message,
        (code, told) => {
          const error = recordedError({ code, message: told });
          expect(error.message.length).toBeLessThanOrEqual(2_000);
          expect(error.code).toMatch(/^[\w.-]{1,64}$/);
          expect(ownErrorCodes.filter((own) => own === error.code && own !== 'check_failed')).toEqual([]);
          expect(Buffer.from(error.message).toString()).toBe(error.message);
        },
      ),
    );
  });
});

describe('the first characters of a text', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['a\u{1F4C5}', 3, 'a\u{1F4C5}'],
    ['a\u{1F4C5}b', 2, 'a'],
    ['a\u{1F4C5}b', 3, 'a\u{1F4C5}'],
    ['\u{1F4C5}', 1, ''],
  ])('of %j, at most %d, are %j', (text, most, first) => {
    expect(firstCharacters(text, most)).toBe(first);
  });
});

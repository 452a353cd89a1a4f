import { describe, expect, it } from '@jest/globals';
import { runWarnings, type WarningFacts } from '../../../src/expiry-check/run-warnings.js';
import { createTally } from '../../../src/expiry-check/tally.js';

const NOW = Date.parse('2026-06-30T12:00:00Z');

function facts(
  { records = 100, unreadable = 0 }: { records?: number; unreadable?: number } = {},
  given: Partial<WarningFacts> = {},
): WarningFacts {
  return {
    tally: { ...createTally(), records, unreadable },
    recordsBefore: null,
    last_changed_at: '2026-06-30T00:00:00.000Z',
    now: NOW,
    maxAgeHours: null,
    ...given,
  };
}

const shrank = (records: number, before: number) => ({ code: 'registry_shrank', records, before });
const unreadable = (count: number, records: number) => ({
  code: 'records_unreadable',
  unreadable: count,
  records,
});

describe('a run warns of', () => {
  it.each<[string, WarningFacts, object[]]>([
    ['nothing, where all is well', facts(), []],
    ['an empty registry', facts({ records: 0 }), [{ code: 'registry_empty' }]],
    ['one that shrank by more than half', facts({ records: 49 }, { recordsBefore: 99 }), [shrank(49, 99)]],
    ['no smaller loss', facts({ records: 50 }, { recordsBefore: 100 }), []],
    [
      'one that lost all',
      facts({ records: 0 }, { recordsBefore: 1 }),
      [{ code: 'registry_empty' }, shrank(0, 1)],
    ],
    ['more than 1 % that cannot be read', facts({ unreadable: 2 }), [unreadable(2, 100)]],
    ['no smaller share', facts({ unreadable: 1 }), []],
    ['no age, unless it is asked for', facts({}, { last_changed_at: '2020-01-01T00:00:00.000Z' }), []],
    [
      'an age beyond what is allowed',
      facts({}, { maxAgeHours: 11 }),
      [{ code: 'registry_stale', hours: 12, limit: 11 }],
    ],
    ['no younger one', facts({}, { maxAgeHours: 12 }), []],
    ['no age where nothing was ever written', facts({}, { maxAgeHours: 1, last_changed_at: null }), []],
  ])('%s', (_title, given, warnings) => {
    expect(runWarnings(given)).toEqual(warnings);
  });
});

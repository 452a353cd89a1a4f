import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { certificationSchema } from '../../../src/expiry-check/certification.js';
import { CERTIFICATION_STATUSES, type Certification } from '../../../src/ports/certification-registry.js';

const REQUIRED = { certification_id: 'c', mentor_id: 'm', expires_at: '2027-01-31' };
const DEFAULTS: Certification = {
  ...REQUIRED,
  type: null,
  labels: [],
  status: 'active',
  renewable_from: null,
};

function reasonsOf(record: unknown): string[] {
  const { error } = certificationSchema.safeParse(record);
  return (error?.issues ?? []).map(({ path, message }) => [...path, message].join(' '));
}

const label = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter((text) => /^\P{Cc}+$/u.test(text)),
  fc.constantFrom(' ', 'a|b', 'x'.repeat(128), '\u{1F4C5}'.repeat(64), 'north'),
);
const optional = {
  type: label,
  labels: fc.array(label, { maxLength: 20 }),
  status: fc.constantFrom(...CERTIFICATION_STATUSES),
  renewable_from: fc.constantFrom('2024-02-29', '2027-12-31'),
};

describe('a certification', () => {
  it('has the defaults where an optional field is missing or null, and nothing that is not known', () => {
    const nothing = { type: null, labels: null, status: null, renewable_from: null };
    const unset = { type: undefined, labels: undefined, status: undefined, renewable_from: undefined };
    for (const more of [{}, nothing, unset, { note: 'x', source: 'feed' }])
      expect(certificationSchema.parse({ ...REQUIRED, ...more })).toEqual(DEFAULTS);
  });

  it('is what was given, with each label once; read again it stays as it is', () => {
    const given = fc.record(optional, { requiredKeys: [] });
    fc.assert(
      fc.property(given, (fields) => {
        const record = certificationSchema.parse({ ...REQUIRED, ...fields });
        const labels = (fields.labels ?? []).filter((each, index, all) => all.indexOf(each) === index);
        expect(record).toEqual({ ...DEFAULTS, ...fields, labels });
        expect(certificationSchema.parse(record)).toEqual(record);
      }),
    );
  });

  const TEXT = 'must be a text of 1 to 128 characters';
  const CONTROL = 'must not contain control characters';
  const LIST = 'must be a list of up to 20 texts';
  const STATUS = 'must be active, suspended or withdrawn';
  const DATE = 'must be a date that exists (YYYY-MM-DD)';
  it.each<[keyof Certification, unknown, string]>([
    ['type', 7, TEXT],
    ['type', ['a'], TEXT],
    ['type', '', 'must not be empty'],
    ['type', 'x'.repeat(129), 'must have at most 128 characters'],
    ['type', 'a\nb', CONTROL],
    ['type', 'a\u0085', CONTROL],
    ['type', '\ud800', 'must not contain unpaired surrogates'],
    ['labels', 'north', LIST],
    ['labels', { 0: 'north', length: 1 }, LIST],
    ['labels', Array.from({ length: 21 }, () => 'north'), LIST],
    ['labels', Array.from({ length: 500_000 }, () => 7), LIST],
    ['labels', ['a', ''], '1 must not be empty'],
    ['labels', [null], `0 ${TEXT}`],
    ['labels', ['a', 'b', 'x'.repeat(129)], '2 must have at most 128 characters'],
    ['labels', ['\u0000'], `0 ${CONTROL}`],
    ['labels', ['\udfff'], '0 must not contain unpaired surrogates'],
    ['status', 'Active', STATUS],
    ['status', '', STATUS],
    ['status', 1, STATUS],
    ['status', ['active'], STATUS],
    ['renewable_from', '2027-02-29', DATE],
    ['renewable_from', '2027-02-01T10:00:00Z', DATE],
    ['renewable_from', '', DATE],
    ['renewable_from', 20270101, DATE],
  ])('is none with a wrong %s: %j', (field, value, reason) => {
    expect(reasonsOf({ ...REQUIRED, [field]: value })).toEqual([`${field} ${reason}`]);
  });

  it('tells of each wrong field', () => {
    expect(reasonsOf({ ...REQUIRED, mentor_id: '', type: '', labels: '', status: '' })).toHaveLength(4);
  });
});

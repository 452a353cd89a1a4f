import { describe, expect, it } from '@jest/globals';
import {
  OFTEN_ASKED,
  RECORD_FILTERS,
  recordQuery,
  wholeQuery,
} from '../../../dashboard/src/expiring/record-query.js';
import { asksOnly } from '../../../dashboard/src/place/asks-only.js';
import { certificationsQuery } from '../../../src/http/certification-requests.js';

const ALL = {
  expires_within: '30',
  expired: 'false',
  type: '<b>&/%',
  label: 'a|b',
  status: 'suspended',
  mentor_id: '..',
  sort: '-expires_at',
};

describe('the question to the records', () => {
  it('is what the address says, by the names of the API', () => {
    expect(recordQuery({ ...ALL, cursor: 'abc', job: 'cron-1' })).toEqual({ ...ALL, cursor: 'abc' });
    expect(recordQuery({ type: '' })).toEqual({});
  });

  it('has each parameter that the API knows, but those of a page', () => {
    const known = Object.keys(certificationsQuery.shape).filter(
      (name) => !['limit', 'format'].includes(name),
    );
    const asked = recordQuery(Object.fromEntries([...known, 'other'].map((name) => [name, 'x'])));
    expect(Object.keys(asked).sort()).toEqual(known.sort());
  });

  it('is the same for a file, from its beginning on', () => {
    expect(wholeQuery({ ...ALL, cursor: 'abc' })).toEqual({ ...ALL, format: 'csv' });
  });

  it.each(OFTEN_ASKED)('that is asked often is one that the API takes: $title', ({ query }) => {
    expect(certificationsQuery.safeParse(recordQuery(query)).success).toBe(true);
    expect(OFTEN_ASKED.filter((other) => asksOnly(query, other.query, RECORD_FILTERS))).toHaveLength(1);
  });

  it('is known again in another order and on another page, and not with one filter more', () => {
    const soon = { expires_within: '7', expired: 'false' };
    expect(asksOnly({ ...soon, sort: '-expires_at', cursor: 'x' }, soon, RECORD_FILTERS)).toBe(true);
    expect(asksOnly({ ...soon, type: 'a' }, soon, RECORD_FILTERS)).toBe(false);
    expect(asksOnly({ expires_within: '7' }, soon, RECORD_FILTERS)).toBe(false);
  });
});

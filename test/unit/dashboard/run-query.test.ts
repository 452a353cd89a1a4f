import { describe, expect, it } from '@jest/globals';
import { isFiltered, pageQuery, trendQuery } from '../../../dashboard/src/runs/run-query.js';

describe('the runs that an address asks for', () => {
  it('are those that fit its filters: the page that it is at, and the newest of all for the trend', () => {
    const query = {
      status: 'failed',
      dry_run: 'false',
      trigger: '',
      cursor: 'c',
      trend: 'warnings',
      as_of: '3',
    };
    const filters = { status: 'failed', dry_run: 'false' };
    expect(pageQuery(query)).toEqual({ ...filters, cursor: 'c', limit: 20 });
    expect(trendQuery(query)).toEqual({ ...filters, limit: 100 });
  });

  it('are all of them where it has no filter', () => {
    expect(pageQuery({})).toEqual({ limit: 20 });
    expect(isFiltered({ cursor: 'c', trend: 'warnings', status: '' })).toBe(false);
    expect(isFiltered({ from: '2026-11-28T00:00:00Z' })).toBe(true);
  });
});

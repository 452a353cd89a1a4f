import { describe, expect, it } from '@jest/globals';
import { bulkRequest } from '../../../src/http/bulk-requests.js';
import { cursorText } from '../../../src/http/cursor.js';
import { jobFilterOf } from '../../../src/http/job-filter.js';
import { parseBody } from '../../../src/http/parse-request.js';
import { ProblemError } from '../../../src/http/problem.js';

const LEAST = { filter: {}, action: 'enable', reason: 'over' };
const PLACE = { value: '2026-03-26T10:00:00.000Z', cron_id: 'cron-1', total: 3, of: 'x' };

function refusedFields(body: unknown): string[] {
  try {
    parseBody(bulkRequest, body);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.errors?.map(({ field }) => field) ?? [];
    throw error;
  }
  return [];
}

describe('the body of a bulk request', () => {
  it('has defaults for what need not be said', () => {
    expect(parseBody(bulkRequest, LEAST)).toEqual({ ...LEAST, dry_run: false, limit: 100 });
  });

  it('has the filters of the list of jobs, by the types of JSON', () => {
    const filter = {
      status: 'active',
      enabled: false,
      name: 'night',
      label: ['b', 'a', 'b'],
      last_run_status: 'none',
      has_warnings: true,
      overdue: true,
    };
    const parsed = parseBody(bulkRequest, { ...LEAST, filter });
    expect(jobFilterOf(parsed.filter, 'now')).toEqual({
      status: 'active',
      enabled: false,
      name: 'night',
      labels: ['a', 'b'],
      lastRunStatus: 'none',
      hasWarnings: true,
      dueBefore: 'now',
    });
    const { filter: other } = parseBody(bulkRequest, { ...LEAST, filter: { label: 'a', overdue: false } });
    expect(jobFilterOf(other, 'now')).toEqual({ labels: ['a'], notDueBefore: 'now' });
  });

  it.each<[object, string]>([
    [{ filter: undefined }, 'filter'],
    [{ filter: null }, 'filter'],
    [{ filter: [] }, 'filter'],
    [{ filter: 'all' }, 'filter'],
    [{ filter: { deleted: 'any' } }, 'filter.deleted'],
    [{ filter: { enabled: 'true' } }, 'filter.enabled'],
    [{ filter: { enabled: null } }, 'filter.enabled'],
    [{ filter: { name: ['a'] } }, 'filter.name'],
    [{ filter: { name: { $gt: '' } } }, 'filter.name'],
    [{ filter: { label: [] } }, 'filter.label'],
    [{ filter: { label: [['a']] } }, 'filter.label'],
    [{ filter: { label: Array.from({ length: 21 }, (_, at) => `${at}`) } }, 'filter.label'],
    [{ filter: { status: 'deleted' } }, 'filter.status'],
    [{ action: undefined }, 'action'],
    [{ action: 'delete' }, 'action'],
    [{ action: ['enable'] }, 'action'],
    [{ reason: undefined }, 'reason'],
    [{ reason: null }, 'reason'],
    [{ reason: ' \n' }, 'reason'],
    [{ reason: 'x'.repeat(1_001) }, 'reason'],
    [{ reason: '\u0000' }, 'reason'],
    [{ dry_run: 'true' }, 'dry_run'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 101 }, 'limit'],
    [{ limit: '5' }, 'limit'],
    [{ cursor: '' }, 'cursor'],
    [{ cursor: null }, 'cursor'],
    [{ cursor: cursorText({ ...PLACE, page: 2 }) }, 'cursor'],
    [{ cursor: cursorText({ ...PLACE, value: { $gt: '' } }) }, 'cursor'],
    [{ cursor: cursorText({ ...PLACE, total: -1 }) }, 'cursor'],
    [{ confirm_reminders: 5 }, 'confirm_reminders'],
  ])('is refused with %j, which names the field', (given, field) => {
    expect(refusedFields({ ...LEAST, ...given })).toEqual([field]);
  });

  it('is told what a filter may have', () => {
    expect(() => parseBody(bulkRequest, { ...LEAST, filter: { labels: 'a' } })).toThrow(
      'filter.labels: must be an object, {} for all jobs; its fields may be status, enabled, name, label, last_run_status, has_warnings, overdue',
    );
  });
});

import type { Run } from '../../../dashboard/src/runs/trend.js';

/** A result of a run without a warning. */
export const RESULT: NonNullable<Run['result']> = {
  mentors_checked: 124,
  reminders_sent: 3,
  errors: 0,
  records_checked: 165,
  reasons: {},
  warnings: [],
};

export const WARNED: typeof RESULT = { ...RESULT, warnings: [{ code: 'registry_empty' }] };

/** A run of the API that has succeeded; what is given is different. */
export function run(given: Partial<Run>): Run {
  return {
    run_id: 'run-1',
    cron_id: 'cron-1',
    started_at: '2026-11-28T02:00:00Z',
    completed_at: '2026-11-28T02:01:05Z',
    status: 'success',
    result: RESULT,
    error: null,
    trigger: 'schedule',
    slot: '2026-11-28T02:00:00Z',
    late_by_ms: 12,
    dry_run: false,
    reason: null,
    ...given,
  };
}

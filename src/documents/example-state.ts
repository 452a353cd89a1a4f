import type { JobState } from '../answers/job-state.js';
import { cronIdOf } from '../events/stream-names.js';
import { jobBody } from '../http/job-bodies.js';
import { exampleConfig, exampleEvent, exampleResult } from './example-events.js';

const created_at = '2026-11-24T10:00:00.000Z';

/** A job after its first run, as it is published. */
export const exampleState: JobState = {
  ...jobBody(
    {
      ...exampleConfig,
      cron_id: cronIdOf(exampleEvent('RunCompleted').stream),
      key: 'team-a/nightly',
      config_version: 1,
      status: 'active',
      schedule_error: null,
      last_run_at: '2026-11-25T01:00:00.012Z',
      last_run_status: 'success',
      last_run_result: exampleResult,
      next_run_at: '2026-11-26T01:00:00.000Z',
      created_at,
      updated_at: created_at,
    },
    undefined,
    { allowSeconds: false },
  ),
  version: 3,
};

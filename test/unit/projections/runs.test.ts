import { describe, expect, it } from '@jest/globals';
import { parseEvent } from '../../../src/events/parse-event.js';
import type { RunDocument } from '../../../src/ports/read-models.js';
import { runsProjection } from '../../../src/projections/runs.js';

const STARTED = {
  cron_id: 'cron-1',
  run_id: 'run-1',
  run_no: 1,
  trigger: 'manual',
  slot: null,
  after: null,
  started_at: '2026-03-26T10:00:00.000Z',
  late_by_ms: null,
  dry_run: false,
  timeout_seconds: 1800,
};
const RULES = {
  time_zone: 'Asia/Kolkata',
  reminder_thresholds: [30, 7, -3],
  select: { types: ['first-aid'], labels: null },
  max_reminders: 0,
  confirm_reminders: 5000,
};
const ENDED = {
  cron_id: 'cron-1',
  run_id: 'run-1',
  status: 'failed',
  result: null,
  error: { code: 'too_many_reminders', message: 'too many', reminders: 5001, limit: 5000 },
  completed_at: '2026-03-26T10:01:00.000Z',
};

function rowAfter(...events: (readonly [type: string, schema_version: number, data: object])[]) {
  let run: RunDocument | undefined;
  events.forEach(([type, schema_version, data], index) => {
    const event = parseEvent({ type, data, metadata: { schema_version } });
    if (event === undefined) throw new Error(`${type} is unknown`);
    run = runsProjection.evolve(run, event, {
      id: `event ${index}`,
      stream: 'cronJob-cron-1',
      version: index + 1,
      metadata: { actor: 'worker', correlation_id: 't', causation_id: null, schema_version },
    });
  });
  return run;
}

describe('a run', () => {
  it('shows the rules that were in force at its start, and why it failed', () => {
    const run = rowAfter(['RunStarted', 2, { ...STARTED, rules: RULES }], ['RunCompleted', 3, ENDED]);
    expect(run).toMatchObject({ rules: RULES, status: 'failed', error: ENDED.error });
  });

  it('of a version that recorded no rules has none', () => {
    expect(rowAfter(['RunStarted', 1, STARTED])).toMatchObject({ run_id: 'run-1', rules: null });
  });
});

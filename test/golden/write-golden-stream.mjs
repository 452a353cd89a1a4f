// Writes the golden stream anew: `npm run build && node test/golden/write-golden-stream.mjs`. Only when an event's
// schema gets a new version may the stream grow; what is in it must stay, because such events are in users' logs.
import { writeFileSync } from 'node:fs';
import { URL } from 'node:url';
import { decide } from '../../dist/commands/decide.js';
import { evolve, FOLD_VERSION } from '../../dist/commands/cron-job.js';

const events = [];
const states = [];
let job;
const take = (event) => {
  job = evolve(job, event);
  events.push(event);
  states.push(job);
};
const step = (now, command) =>
  decide(job, command, { cronId: 'cron-golden', allowSeconds: false, now: Date.parse(now) }).forEach(take);
const result = { mentors_checked: 124, reminders_sent: 3, errors: 0 };
const runId = (no) => `run-golden${String(no).padStart(10, '0')}`;

step('2026-03-01T10:00:00Z', {
  type: 'ScheduleCronJob',
  config: { name: 'golden', cron_expression: '0 * * * *', time_zone: 'Europe/Berlin', timeout_seconds: 1800 },
});
step('2026-03-01T11:00:00.004Z', { type: 'Tick' });
step('2026-03-01T11:00:02Z', { type: 'CompleteRun', run_id: runId(1), status: 'success', result });
step('2026-03-02T15:20:00Z', { type: 'Tick' });
step('2026-03-02T16:00:00Z', { type: 'Tick' });
step('2026-03-02T16:10:00Z', { type: 'CompleteRun', run_id: runId(2), status: 'success', result });
step('2026-03-02T16:20:00Z', { type: 'TriggerRun', dry_run: true });
step('2026-03-02T16:20:01Z', {
  type: 'CompleteRun',
  run_id: runId(4),
  status: 'failed',
  error: { code: 'check_failed', message: 'broken' },
});
step('2026-03-02T16:30:00Z', {
  type: 'UpdateCronJob',
  changes: { cron_expression: '0 2 * * *', description: 'nightly' },
  reason: 'too often',
});
step('2026-03-02T16:31:00Z', { type: 'UpdateCronJob', changes: { enabled: false }, reason: null });
step('2026-03-03T16:31:00Z', { type: 'UpdateCronJob', changes: { enabled: true }, reason: null });
step('2026-03-04T01:00:00Z', { type: 'Tick' });
// No command leads here with the zones of today: it takes one that has been dropped.
take({
  type: 'ScheduleFailed',
  data: {
    cron_id: 'cron-golden',
    message: 'time_zone: unknown time zone',
    failed_at: '2026-03-04T01:00:08.000Z',
  },
});
step('2026-03-04T01:00:09Z', { type: 'DeleteCronJob', reason: 'done' });

writeFileSync(
  new URL('golden-stream.json', import.meta.url),
  `${JSON.stringify({ fold_version: FOLD_VERSION, events, states }, null, 1)}\n`,
);

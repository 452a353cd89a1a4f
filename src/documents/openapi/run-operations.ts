import {
  acceptedAnswer,
  endedAnswer,
  runsAnswer,
  runsOfJobAnswer,
  runWithRulesAnswer,
} from '../../answers/run-answers.js';
import { jobRequests } from '../../http/job-requests.js';
import { runsOfJobQuery, runsQuery } from '../../http/list-requests.js';
import type { Answer, Operation, Operations } from './operation.js';
import { problemsOfWrites } from './problems.js';

const requests = jobRequests({ allowSeconds: false });

const run: Answer = { description: 'The run.', schema: runWithRulesAnswer };

const execute: Operation = {
  id: 'executeJob',
  summary: 'Starts a run at once',
  description:
    'Also of a job that is disabled. A dry run counts whom it would remind and asks for no reminder. ' +
    '`confirm_reminders` lets so many through, this once, where `max_reminders` would stop the run. With `wait` the answer ' +
    'comes when the run has ended, or after so many seconds.',
  query: requests.executeQuery,
  body: { schema: requests.execute, isRequired: false },
  headers: ['Idempotency-Key', 'If-Match', 'If-None-Match'],
  answers: {
    200: { description: 'It has ended.', schema: endedAnswer, headers: ['Location', 'Reads-Lag'] },
    202: { description: 'It has started.', schema: acceptedAnswer, headers: ['Location', 'Reads-Lag'] },
  },
  problems: [
    ...problemsOfWrites,
    'cron_job_not_found',
    'run_in_progress',
    'too_many_open_runs',
    'too_many_waits',
  ],
};

const runsOfJob: Operation = {
  id: 'listRunsOfJob',
  summary: 'Lists the runs of a job, newest first',
  description: 'Also of a deleted one. With filters the next page is found by `next_cursor` alone.',
  query: runsOfJobQuery,
  answers: { 200: { description: 'A page.', schema: runsOfJobAnswer } },
  problems: ['cron_job_not_found'],
};

const runs: Operation = {
  id: 'listRuns',
  summary: 'Lists the runs of all jobs, newest first',
  query: runsQuery,
  answers: { 200: { description: 'A page.', schema: runsAnswer } },
  problems: [],
};

const one: Operation = {
  id: 'getRun',
  summary: 'Shows a run',
  description: 'With `wait` when it has ended, or after so many seconds.',
  query: requests.run,
  answers: { 200: run },
  problems: ['cron_job_not_found', 'run_not_found', 'too_many_waits'],
};

const cancel: Operation = {
  id: 'cancelRun',
  summary: 'Cancels a run',
  description: 'It ends as failed. Reminders that were asked for already stay asked for.',
  body: { schema: requests.cancel, isRequired: false },
  headers: ['Idempotency-Key', 'If-Match', 'If-None-Match'],
  answers: { 200: { ...run, headers: ['Reads-Lag'] } },
  problems: [...problemsOfWrites, 'cron_job_not_found', 'run_not_found', 'run_not_open'],
};

export const runOperations: Operations = {
  '/:id/execute': { POST: execute },
  '/:id/runs': { GET: runsOfJob },
  '/:id/runs/:run_id': { GET: one },
  '/:id/runs/:run_id/cancel': { POST: cancel },
  '/runs': { GET: runs },
};

import type * as z from 'zod';
import {
  declaredJobAnswer,
  deletedAnswer,
  diffAnswer,
  jobAnswer,
  jobListAnswer,
  shownJobAnswer,
} from '../../answers/job-answers.js';
import { jobRequests } from '../../http/job-requests.js';
import { jobListQuery } from '../../http/list-requests.js';
import { timeTravelRequests } from '../../http/time-travel-requests.js';
import type { Answer, Operation, Operations } from './operation.js';
import { problemsOfWrites } from './problems.js';

const requests = jobRequests({ allowSeconds: false });

const { catchup_policy, concurrency_policy, select } = requests.create.shape;

/** What several requests have in common, by its names in the document: the answers show the policies, too. */
export const requestParts: Readonly<Record<string, z.ZodType>> = {
  CatchupPolicy: catchup_policy.unwrap(),
  ConcurrencyPolicy: concurrency_policy.unwrap(),
  SelectionRequest: select.unwrap().unwrap(),
};

const CONDITIONS = ['If-Match', 'If-None-Match'] as const;
const REPEATABLE = ['Idempotency-Key', ...CONDITIONS] as const;

const job: Answer = { description: 'The job.', schema: jobAnswer, headers: ['ETag'] };
const changed: Answer = {
  description: 'The job as it is now.',
  schema: jobAnswer,
  headers: ['ETag', 'Reads-Lag'],
};
const ofWrites = [...problemsOfWrites, 'cron_job_not_found'] as const;

const list: Operation = {
  id: 'listJobs',
  summary: 'Lists the jobs',
  description:
    'By the filters and in the order that are asked for, in pages. `next_cursor` leads to the next page, and neither skips ' +
    'nor repeats what stays where it is.',
  query: jobListQuery,
  answers: { 200: { description: 'A page.', schema: jobListAnswer } },
  problems: [],
};

const create: Operation = {
  id: 'createJob',
  summary: 'Creates a job, and schedules it',
  description: 'Under an `Idempotency-Key` a repeat of it makes no second job.',
  body: { schema: requests.create, isRequired: true },
  headers: REPEATABLE,
  answers: {
    201: { description: 'The job.', schema: jobAnswer, headers: ['ETag', 'Location', 'Reads-Lag'] },
  },
  problems: [...problemsOfWrites, 'cron_id_taken'],
};

const details: Operation = {
  id: 'getJob',
  summary: 'Shows a job',
  description: 'With `as_of` as it was at a time, or in a version: also one that is deleted now.',
  query: timeTravelRequests.details,
  answers: { 200: { ...job, schema: shownJobAnswer } },
  problems: ['cron_job_not_found', 'event_unreadable'],
};

const update: Operation = {
  id: 'updateJob',
  summary: 'Changes a job, enables or disables it',
  description:
    'What is left out stays as it is. A whole job as an answer has shown it may be sent back: what is read-only changes nothing.',
  body: { schema: requests.update, isRequired: false },
  headers: REPEATABLE,
  answers: { 200: changed },
  problems: ofWrites,
};

const remove: Operation = {
  id: 'deleteJob',
  summary: 'Deletes a job',
  description: 'Its runs and its history stay. The reason may stand in the query or in the body.',
  query: requests.remove,
  body: { schema: requests.remove, isRequired: false },
  headers: CONDITIONS,
  answers: { 200: { description: 'It is deleted.', schema: deletedAnswer, headers: ['Reads-Lag'] } },
  problems: ofWrites,
};

const reset: Operation = {
  id: 'resetWatermark',
  summary: 'Owes slots again that were settled before they came',
  description: 'For a job whose slots were settled by a clock that was ahead.',
  body: { schema: requests.reset, isRequired: false },
  headers: REPEATABLE,
  answers: { 200: changed },
  problems: [...ofWrites, 'not_settled_ahead'],
};

const declared: Answer = {
  ...changed,
  schema: declaredJobAnswer,
  headers: ['ETag', 'Content-Location', 'Reads-Lag'],
};

const declare: Operation = {
  id: 'declareJob',
  summary: 'Creates or updates the job of a key from one declaration',
  description:
    'What is left out has its default. The same declaration again writes nothing; one of a deleted job restores it.',
  body: { schema: requests.declare, isRequired: true },
  headers: REPEATABLE,
  answers: {
    200: { ...declared, description: 'The job was changed, or is so already.' },
    201: {
      ...declared,
      description: 'The job was created or restored.',
      headers: ['ETag', 'Location', 'Content-Location', 'Reads-Lag'],
    },
  },
  problems: problemsOfWrites,
};

const byKey: Operation = {
  id: 'getJobByKey',
  summary: 'Shows the job of a key',
  answers: { 200: { ...job, headers: ['ETag', 'Content-Location'] } },
  problems: ['cron_job_not_found'],
};

const diff: Operation = {
  id: 'diffJob',
  summary: 'Shows what has changed in a job from one time or version to another',
  query: timeTravelRequests.diff,
  answers: { 200: { description: 'The fields that differ.', schema: diffAnswer } },
  problems: ['cron_job_not_found', 'event_unreadable'],
};

const revert: Operation = {
  id: 'revertJob',
  summary: 'Gives a job the settings of one of its versions',
  body: { schema: timeTravelRequests.revert, isRequired: true },
  headers: REPEATABLE,
  answers: { 200: changed },
  problems: [...ofWrites, 'invalid_cron_expression', 'invalid_time_zone', 'never_due'],
};

const restore: Operation = {
  id: 'restoreJob',
  summary: 'Brings a deleted job back',
  description: 'With its id, its runs and its history; it owes no slot of the time between.',
  body: { schema: timeTravelRequests.restore, isRequired: true },
  headers: REPEATABLE,
  answers: { 200: changed },
  problems: [...ofWrites, 'not_deleted', 'invalid_cron_expression', 'invalid_time_zone', 'never_due'],
};

export const jobOperations: Operations = {
  '/': { GET: list, POST: create },
  '/:id': { GET: details, PUT: update, DELETE: remove },
  '/:id/reset-watermark': { POST: reset },
  '/by-key/:key': { GET: byKey, PUT: declare },
  '/:id/diff': { GET: diff },
  '/:id/revert': { POST: revert },
  '/:id/restore': { POST: restore },
};

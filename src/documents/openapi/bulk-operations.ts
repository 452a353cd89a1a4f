import { bulkAnswer } from '../../answers/bulk-answers.js';
import { bulkRequest } from '../../http/bulk-requests.js';
import type { Operation, Operations } from './operation.js';

const bulk: Operation = {
  id: 'actOnJobs',
  summary: 'Enables, disables or executes the jobs that a filter finds',
  description:
    'A page of them with each request: `next_cursor` leads to those that follow. Each job has its own outcome. A dry run ' +
    'lists what would be done, and writes nothing. Under an `Idempotency-Key` no repeat does anything twice for a job.',
  body: { schema: bulkRequest, isRequired: true },
  headers: ['Idempotency-Key'],
  answers: { 200: { description: 'What has become of each job.', schema: bulkAnswer } },
  problems: ['unsupported_header', 'idempotency_key_reused', 'write_contention', 'event_unreadable'],
};

export const bulkOperations: Operations = { '/bulk': { POST: bulk } };

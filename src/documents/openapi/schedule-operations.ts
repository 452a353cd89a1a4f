import { ledgerAnswer, nextSlotsAnswer, previewAnswer } from '../../answers/schedule-answers.js';
import { jobRequests } from '../../http/job-requests.js';
import type { Operation, Operations } from './operation.js';

const requests = jobRequests({ allowSeconds: false });

const next: Operation = {
  id: 'nextSlots',
  summary: 'Shows the next slots of a job',
  query: requests.next,
  answers: { 200: { description: 'The slots, oldest first.', schema: nextSlotsAnswer } },
  problems: ['cron_job_not_found'],
};

const ledger: Operation = {
  id: 'slotLedger',
  summary: 'Shows what became of each slot of a job',
  description: 'From the log itself; also of a deleted job. Without a range: of the last 7 days.',
  query: requests.slots,
  answers: { 200: { description: 'The slots, oldest first.', schema: ledgerAnswer } },
  problems: ['cron_job_not_found', 'event_unreadable'],
};

const preview: Operation = {
  id: 'previewSchedule',
  summary: 'Shows the slots that a schedule would have',
  description: 'Writes nothing.',
  body: { schema: requests.preview, isRequired: true },
  answers: {
    200: { description: 'The slots, oldest first, and what it means in words.', schema: previewAnswer },
  },
  problems: ['never_due'],
};

export const scheduleOperations: Operations = {
  '/:id/next': { GET: next },
  '/:id/slots': { GET: ledger },
  '/preview': { POST: preview },
};

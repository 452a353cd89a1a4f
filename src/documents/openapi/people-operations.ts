import {
  certificationAnswer,
  certificationsAnswer,
  forecastAnswer,
  remindersAnswer,
} from '../../answers/people-answers.js';
import { certificationsQuery, forecastQuery, remindersQuery } from '../../http/certification-requests.js';
import { jobRequests } from '../../http/job-requests.js';
import type { Answer, Operation, Operations } from './operation.js';

const requests = jobRequests({ allowSeconds: false });

/** What names mentors is answered to nobody on other machines while no credentials are configured. */
const PEOPLE = ['loopback_only'] as const;

function pageOrFile(schema: Answer['schema'] & object): Answer {
  return {
    description: 'A page; or with `format=csv` all rows, as a file.',
    schema,
    texts: ['text/csv'],
    headers: ['Content-Disposition'],
  };
}

const list: Operation = {
  id: 'listCertifications',
  summary: 'Lists the certifications by their expiry',
  query: certificationsQuery,
  answers: { 200: pageOrFile(certificationsAnswer) },
  problems: PEOPLE,
};

const one: Operation = {
  id: 'explainCertification',
  summary: 'Shows a certification, who was reminded of it, and what each job will do about it',
  query: requests.page,
  answers: { 200: { description: 'The certification.', schema: certificationAnswer } },
  problems: [...PEOPLE, 'certification_not_found'],
};

const forecast: Operation = {
  id: 'forecast',
  summary: 'Shows whom a run of a job would remind',
  query: forecastQuery,
  answers: { 200: pageOrFile(forecastAnswer) },
  problems: [...PEOPLE, 'cron_job_not_found', 'too_many_forecasts'],
};

const reminders: Operation = {
  id: 'listReminders',
  summary: 'Lists whom a run has reminded',
  query: remindersQuery,
  answers: { 200: pageOrFile(remindersAnswer) },
  problems: [...PEOPLE, 'cron_job_not_found', 'run_not_found'],
};

export const peopleOperations: Operations = {
  '/certifications': { GET: list },
  '/certifications/:certification_id': { GET: one },
  '/:id/forecast': { GET: forecast },
  '/:id/runs/:run_id/reminders': { GET: reminders },
};

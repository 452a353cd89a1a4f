import { eventsAnswer } from '../../answers/event-answers.js';
import { eventsOfJobQuery, eventsQuery } from '../../http/event-requests.js';
import { eventStreamQuery } from '../../http/event-stream-query.js';
import type { Operation, Operations } from './operation.js';

const EVENT_STREAM = 'text/event-stream';

const ofJob: Operation = {
  id: 'listEventsOfJob',
  summary: 'Lists who did what to a job, when and why',
  description: 'Also to a deleted one.',
  query: eventsOfJobQuery,
  answers: { 200: { description: 'A page.', schema: eventsAnswer } },
  problems: ['cron_job_not_found'],
};

const all: Operation = {
  id: 'listEvents',
  summary: 'Lists who did what to any job, newest first',
  query: eventsQuery,
  answers: { 200: { description: 'A page.', schema: eventsAnswer, headers: ['Reads-Lag'] } },
  problems: [],
};

const stream = {
  description:
    'Server-sent events: the data of each is as the list of events shows it, its id is its place in the log. A client that ' +
    'connects again with `Last-Event-ID` misses none. The stream never ends by itself.',
  query: eventStreamQuery,
  headers: ['Last-Event-ID'],
  answers: { 200: { description: 'A stream.', texts: [EVENT_STREAM] } },
} as const;

export const eventOperations: Operations = {
  '/:id/events': { GET: ofJob },
  '/events': { GET: all },
  '/:id/events/stream': {
    GET: {
      ...stream,
      id: 'streamEventsOfJob',
      summary: 'Sends the events of a job as they come',
      problems: ['cron_job_not_found', 'too_many_streams'],
    },
  },
  '/events/stream': {
    GET: {
      ...stream,
      id: 'streamEvents',
      summary: 'Sends the events of all jobs as they come',
      problems: ['too_many_streams'],
    },
  },
};

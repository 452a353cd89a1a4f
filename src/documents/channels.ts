import { CERTIFICATIONS_GROUP, recordSchema } from '../messaging/certification-feed.js';
import { WORKERS_GROUP } from '../messaging/requested-runs.js';
import { publisherCheckpointSchema } from '../messaging/publisher-checkpoint.js';
import { RESULTS_GROUP, runResultSchema } from '../messaging/run-results.js';
import {
  CERTIFICATIONS_TOPIC,
  CHECKPOINT_TOPIC,
  DEAD_LETTERS_TOPIC,
  EVENTS_TOPIC,
  JOBS_TOPIC,
  REMINDERS_TOPIC,
  RESULTS_TOPIC,
  RUNS_TOPIC,
} from '../messaging/topics.js';
import { schemaRef, type Channel } from './channel.js';
import { eventMessages } from './event-messages.js';
import { certificationExamples, checkpointExamples, resultExamples } from './message-examples.js';
import { jsonSchemaOf } from './json-schema.js';
import { stateMessages } from './state-messages.js';

const TAKEN_IN =
  'The value is the data as JSON in UTF-8; or, with the content-type application/cloudevents+json, a whole CloudEvent 1.0 ' +
  'with the data in it. Texts are without control characters. What does not fit is set aside as a dead letter.';

/** All topics, by the names of their channels. */
export const channels: Readonly<Record<string, Channel>> = {
  events: {
    topic: EVENTS_TOPIC,
    title: 'Everything that happened',
    description:
      'Every event of the log, at least once, in order for each cron job, as it was written: old events are in their old ' +
      'versions. A repeat has the same ce_id. Expect new types, new versions and new fields.',
    key: 'the cron id',
    messages: eventMessages(EVENTS_TOPIC),
    operations: { publishEvents: { action: 'send', summary: 'Publishes the log.' } },
  },
  runs: {
    topic: RUNS_TOPIC,
    title: 'Runs to be performed',
    description: 'RunStarted alone, for whoever performs runs. With the same run_id it is the same run.',
    key: 'the run id',
    messages: eventMessages(RUNS_TOPIC, ['RunStarted']),
    operations: {
      handOutRuns: { action: 'send', summary: 'Hands a run out.' },
      performRuns: {
        action: 'receive',
        summary: 'Performs it, with EXECUTOR=builtin. It reads cron_id and run_id alone.',
        group: WORKERS_GROUP,
      },
    },
  },
  reminders: {
    topic: REMINDERS_TOPIC,
    title: 'Reminders to be sent',
    description:
      'ReminderRequested alone, for whoever sends reminders; with the same ce_id it is the same reminder.',
    key: 'the mentor id',
    messages: eventMessages(REMINDERS_TOPIC, ['ReminderRequested']),
    operations: { requestReminders: { action: 'send', summary: 'Asks for a reminder to be sent.' } },
  },
  jobs: {
    topic: JOBS_TOPIC,
    title: 'The jobs, as they are',
    description:
      'What GET /:id shows of each job, and the version of its stream. The newest message of a key counts; ' +
      'ce_streamversion rises, an older one says nothing. A job that nothing has happened to since is in the version of an ' +
      'earlier release; of a later one take the fields that you know.',
    key: 'the cron id',
    messages: stateMessages(),
    operations: { publishJobs: { action: 'send', summary: 'Publishes each job as it is.' } },
  },
  publisher: {
    topic: CHECKPOINT_TOPIC,
    title: 'How far the log is published',
    description: "The publisher's own.",
    key: 'checkpoint',
    messages: {
      Checkpoint: {
        name: 'Checkpoint',
        title: 'How far the log is published',
        contentType: 'application/json',
        payload: jsonSchemaOf(publisherCheckpointSchema, 'draft-7'),
        examples: checkpointExamples,
      },
    },
    operations: { noteCheckpoint: { action: 'send', summary: 'Notes how far the log is published.' } },
  },
  results: {
    topic: RESULTS_TOPIC,
    title: 'What became of a run',
    description: `Written by the service that performs runs, with EXECUTOR=external. ${TAKEN_IN}`,
    key: 'the run id',
    messages: {
      RunResult: {
        name: 'RunResult',
        title: 'What became of a run',
        summary:
          'A repeat, or a result of a run that is not open, changes nothing. Other fields are dropped.',
        contentType: 'application/json',
        payload: jsonSchemaOf(runResultSchema, 'draft-7'),
        examples: resultExamples,
      },
    },
    operations: {
      takeResults: { action: 'receive', summary: 'Completes the run.', group: RESULTS_GROUP },
    },
  },
  certifications: {
    topic: CERTIFICATIONS_TOPIC,
    title: 'The certifications, as they are',
    description: `Written by the service that owns them: the newest message of a key counts. ${TAKEN_IN}`,
    key: 'the certification id',
    messages: {
      Certification: {
        name: 'Certification',
        title: 'A certification as it is now',
        summary: 'A certification_id must be that of the key. Other fields are dropped.',
        contentType: 'application/json',
        payload: jsonSchemaOf(recordSchema, 'draft-7'),
        examples: certificationExamples,
      },
      CertificationRemoved: {
        name: 'CertificationRemoved',
        title: 'A certification is gone',
        summary: 'A tombstone: a message without value.',
        payload: { type: 'null' },
        examples: [{ name: 'tombstone', payload: null }],
      },
    },
    operations: {
      takeCertifications: {
        action: 'receive',
        summary: 'Keeps the registry as the topic has it.',
        group: CERTIFICATIONS_GROUP,
      },
    },
  },
  deadLetters: {
    topic: DEAD_LETTERS_TOPIC,
    title: 'Messages that could not be understood',
    description: 'Each as it came, with its own headers and the reason: for an operator.',
    key: 'that of the message',
    messages: {
      DeadLetter: {
        name: 'DeadLetter',
        title: 'A message that could not be understood',
        contentType: 'application/octet-stream',
        headers: schemaRef('DeadLetterHeaders'),
        payload: {},
      },
    },
    operations: { setAside: { action: 'send', summary: 'Sets a message aside.' } },
  },
};

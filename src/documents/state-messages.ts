import { jobStateSchema, jobStateSchemas } from '../answers/job-state.js';
import { toStateMessage } from '../messaging/to-messages.js';
import { schemaRef, type Message } from './channel.js';
import { BATCH_AFTER, exampleEvent } from './example-events.js';
import { exampleState } from './example-state.js';
import { shownAs, versionMessages } from './version-messages.js';

/** The messages of the topic of jobs: one for each version of a state, one for what had to be cut, and the tombstone. */
export function stateMessages(): Record<string, Message> {
  const place = { batchAfter: BATCH_AFTER };
  const { version } = exampleState;
  const state = toStateMessage({ ...exampleEvent('RunCompleted'), version }, exampleState, place);
  const gone = toStateMessage({ ...exampleEvent('CronJobDeleted'), version: version + 1 }, null, place);
  return {
    ...versionMessages(jobStateSchemas, (one) => (one === jobStateSchema ? state : undefined), {
      title: 'A job that is too large for the topic, in part',
      summary: 'Texts end with …, long lists and fields are missing. GET /:id shows all of it.',
    }),
    CronJobGone: {
      name: 'CronJobGone',
      title: 'A job is deleted',
      summary: 'A tombstone: a message without value.',
      headers: schemaRef('EventHeaders'),
      payload: { type: 'null' },
      examples: [shownAs('tombstone', gone)],
    },
  };
}

import * as z from 'zod';
import { millisecondInstant } from './instant.js';
import { changeAnswer } from './job-answers.js';
import { pagesByCursor } from './pages.js';

/** The bodies of answers that show events. */

const text = z.string().nullable();

export const eventAnswer = z.strictObject({
  cron_id: z.string(),
  version: z.int().describe('its number in the history of the job, from 1'),
  event_id: z.string(),
  position: z.string().describe('its place in the log; a stream of events goes on from it'),
  type: z.string().describe('see /asyncapi.json; new types may come'),
  at: millisecondInstant
    .nullable()
    .describe('by the clock of whoever decided it; null for a type that this version does not know'),
  recorded_at: millisecondInstant.describe('by the clock of the log'),
  actor: z
    .string()
    .describe('who did it: anonymous, a credential such as key:nightly-sync, or a part of the service'),
  reason: text.describe('in the words of whoever did it'),
  correlation_id: z.string().describe('the id of the request that all of this goes back to'),
  causation_id: text.describe('the event that has led to it'),
  traceparent: text.describe('of the trace that it belongs to, as W3C Trace Context has it'),
  term: z.int().nullable().describe('of the leader that decided it; null for what no leader decides'),
  slot_engine_version: z.int().nullable().describe('the rule that slots were computed by'),
  tzdata_version: text.describe('the time zone data that slots were computed with'),
  changes: z
    .array(changeAnswer)
    .nullable()
    .describe('of a change of the configuration: what was what before; else null'),
  data: z.record(z.string(), z.unknown()).describe('the event itself, see /schemas'),
  unreadable: text.describe(
    'why it, or what was before it, cannot be read; then data is as it stands in the log',
  ),
});

export const eventsAnswer = pagesByCursor(eventAnswer);

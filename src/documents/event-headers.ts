import * as z from 'zod';

/** The headers of a message that tells an event: CloudEvents 1.0 in the binary mode of its Kafka binding. */
export const eventHeadersSchema = z.object({
  ce_specversion: z.literal('1.0'),
  ce_id: z.string().describe('the id of the event; a repeat has the same'),
  ce_source: z
    .enum(['/certification-cron', '/certification-cron/jobs'])
    .describe('an event, or a job as it is after one'),
  ce_type: z.string().describe('certification-cron. and the type of the event; expect new ones'),
  ce_subject: z.string().describe('the stream of the event'),
  ce_time: z.iso.datetime().describe('when it was recorded'),
  'content-type': z.literal('application/json'),
  ce_dataschema: z
    .string()
    .optional()
    .describe(
      'names the schema that the value fits; not in a cut message, nor in those of releases before there were schemas',
    ),
  ce_schemaversion: numberText('the version of the data'),
  ce_streamversion: numberText('counts the events of the stream'),
  ce_logposition: z.string().describe('the place in the log; rises as a text'),
  ce_batchafter: z
    .string()
    .describe("the publisher's own: all up to here was published before; empty at first"),
  ce_actor: z.string().describe('who caused it, such as key:nightly-sync, anonymous or scheduler'),
  ce_correlationid: z.string().describe('the request or run that it belongs to'),
  ce_causationid: z.string().optional().describe('what caused it'),
  ce_term: numberText('of decisions of the scheduler: the term of the leader').optional(),
  ce_slotengineversion: numberText('of decisions about a job: the rule that computed its slots').optional(),
  ce_tzdataversion: z.string().optional().describe('of decisions about a job: the time zone data'),
  ce_truncated: z
    .literal('true')
    .optional()
    .describe('the event was too large for the topic, and is here in part'),
  ce_republished: z.literal('true').optional().describe('it was in the log before publishing began anew'),
  traceparent: z.string().optional().describe('the trace that it is part of, by W3C Trace Context'),
  ce_traceparent: z.string().optional().describe('the same, as CloudEvents have it'),
});

function numberText(about: string) {
  return z
    .string()
    .regex(/^-?[0-9]+$/)
    .describe(about);
}

/** The headers that a dead letter has besides those of its message. */
export const deadLetterHeadersSchema = z.object({
  dead_letter_reason: z.string().describe('what was wrong, naming the field'),
  dead_letter_topic: z.string().describe('where it came from, without the prefix'),
  dead_letter_partition: numberText('its partition'),
  dead_letter_offset: numberText('its offset'),
  dead_letter_cut: z.string().optional().describe('sizes, when it is only here in part'),
});

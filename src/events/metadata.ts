import * as z from 'zod';

/** Why an event is there: enough to explain any decision afterwards. */
export const eventMetadataSchema = z.object({
  /**
   * Who caused it. Of a request: `anonymous` without credentials, else the kind of its credential and its name, such as
   * `key:nightly-sync`. Of the service itself: `scheduler`, `worker`, `external-executor`, `leadership`, `instance`,
   * `operator` (the command `clock --trust`), `demo`.
   */
  actor: z.string(),
  /** The request or run that this belongs to. */
  correlation_id: z.string(),
  /** The event or command that caused this one. */
  causation_id: z.string().nullable(),
  schema_version: z.number().int(),
  /** Of a request that was part of a trace: its header, by W3C Trace Context. */
  traceparent: z.string().optional(),
  /** For decisions of the scheduler: the leader's term. */
  term: z.number().int().optional(),
  /** For decisions about a job: the slot rule and the time zone data that computed its slots. */
  slot_engine_version: z.number().int().optional(),
  tzdata_version: z.string().optional(),
});

export type EventMetadata = z.infer<typeof eventMetadataSchema>;

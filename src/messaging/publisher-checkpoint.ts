import * as z from 'zod';
import type { Position } from '../ports/event-log.js';
import type { IncomingMessage, OutgoingMessage } from '../ports/message-bus.js';
import { CHECKPOINT_TOPIC } from './topics.js';

export const publishedEventSchema = z.object({ position: z.string().min(1), id: z.string().min(1) });

/** The value of a message of the checkpoint topic. */
export const publisherCheckpointSchema = z.object({
  /** Everything up to here has been acknowledged. */
  position: z.string(),
  /** The last one of that; null while there is none. */
  event: publishedEventSchema.nullable(),
  /**
   * The end of the log when publishing began with empty topics: what the log had by then is published once more, or late.
   * Checkpoints of earlier versions, which published all of it like anything else, have none.
   */
  republished_up_to: z.string().default(''),
  /** The topic of jobs has each as it was here, or later. Earlier versions had no such topic. */
  jobs_up_to: z.string().default(''),
});

export type PublisherCheckpoint = z.infer<typeof publisherCheckpointSchema>;

/** The positions that a checkpoint is about. */
export interface PublishedUpTo {
  position: Position;
  event: PublisherCheckpoint['event'];
  republishedUpTo: Position;
  jobsUpTo: Position;
}

export function checkpointMessage(upTo: PublishedUpTo): OutgoingMessage {
  const { position, event, republishedUpTo, jobsUpTo } = upTo;
  const checkpoint: PublisherCheckpoint = {
    position,
    event: event && { position: event.position, id: event.id },
    republished_up_to: republishedUpTo,
    jobs_up_to: jobsUpTo,
  };
  return { topic: CHECKPOINT_TOPIC, key: 'checkpoint', headers: {}, value: JSON.stringify(checkpoint) };
}

/** @returns undefined for a message that the publisher has not written */
export function readCheckpoint({ value }: IncomingMessage): PublishedUpTo | undefined {
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' });
        return z.NEVER;
      }
    })
    .pipe(publisherCheckpointSchema)
    .safeParse(value === null ? undefined : Buffer.from(value).toString());
  if (!parsed.success) return undefined;
  const { position, event, republished_up_to, jobs_up_to } = parsed.data;
  return { position, event, republishedUpTo: republished_up_to, jobsUpTo: jobs_up_to };
}

import * as z from 'zod';
import { START, type Position } from '../ports/event-log.js';
import type { IncomingMessage } from '../ports/message-bus.js';
import { CHECKPOINT_TOPIC } from './topics.js';

/** Where publishing resumes, according to the newest messages of the partitions. */
export interface ResumePoint {
  /** Everything up to here has been published. */
  after: Position;
  /** The newest event known to be published: it must be in the log, or the log is another one. */
  newest: PublishedEvent | undefined;
  /** The newest event in each partition, by `topic/partition`: it and all before it are there. */
  reached: ReadonlyMap<string, Position>;
  /** Partitions whose newest message was not written by this publisher. */
  foreign: readonly string[];
}

export type PublishedEvent = z.infer<typeof publishedEventSchema>;

const publishedEventSchema = z.object({ position: z.string().min(1), id: z.string().min(1) });

const headersSchema = z
  .object({ ce_id: z.string(), ce_logposition: z.string().min(1), ce_batchafter: z.string() })
  .transform(({ ce_id, ce_logposition, ce_batchafter }) => ({
    event: { position: ce_logposition, id: ce_id },
    batchAfter: ce_batchafter,
  }));

/** The value of a message of the checkpoint topic. */
export const publisherCheckpointSchema = z.object({
  /** Everything up to here has been acknowledged. */
  position: z.string(),
  event: publishedEventSchema,
});

/**
 * Batches are sent one after the other, each after the one before was acknowledged. So the newest message anywhere
 * proves that everything up to the start of its batch is published; each partition shows how much of the batch it has.
 * The checkpoint serves once retention has removed all messages.
 */
export function resumePoint(tails: readonly IncomingMessage[]): ResumePoint {
  const reached = new Map<string, Position>();
  const foreign: string[] = [];
  let after: Position = START;
  let newest: PublishedEvent | undefined;
  for (const tail of tails) {
    const place = placeOf(tail);
    const read = tail.topic === CHECKPOINT_TOPIC ? readCheckpoint(tail) : readHeaders(tail);
    if (read === undefined) {
      foreign.push(place);
      continue;
    }
    if (read.upTo > after) after = read.upTo;
    if (read.event.position > (newest?.position ?? START)) newest = read.event;
    if (tail.topic !== CHECKPOINT_TOPIC) reached.set(place, read.event.position);
  }
  return { after, newest, reached, foreign };
}

export function placeOf({ topic, partition }: Pick<IncomingMessage, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

interface Told {
  event: PublishedEvent;
  upTo: Position;
}

function readHeaders({ headers }: IncomingMessage): Told | undefined {
  const parsed = headersSchema.safeParse(headers);
  return parsed.success ? { event: parsed.data.event, upTo: parsed.data.batchAfter } : undefined;
}

function readCheckpoint({ value }: IncomingMessage): Told | undefined {
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
  return parsed.success ? { event: parsed.data.event, upTo: parsed.data.position } : undefined;
}

import * as z from 'zod';
import { START, type Position } from '../ports/event-log.js';
import type { IncomingMessage } from '../ports/message-bus.js';
import type { publishedEventSchema } from './publisher-checkpoint.js';
import { readCheckpoint, type PublishedUpTo } from './publisher-checkpoint.js';
import { CHECKPOINT_TOPIC, JOBS_TOPIC } from './topics.js';

/** Where publishing resumes, according to the newest messages of the partitions. */
export interface ResumePoint {
  /** Nothing has been published, and no publisher has begun to: the topics are new. */
  isNew: boolean;
  /** Everything up to here has been published. */
  after: Position;
  /** The log up to here is republished: publishing began with empty topics when this was its end. */
  republishedUpTo: Position;
  /** The topic of jobs has each as it was here, or later. */
  jobsUpTo: Position;
  /** The newest event known to be published: it must be in the log, or the log is another one. */
  newest: PublishedEvent | undefined;
  /** The newest event in each partition, by `topic/partition`: it and all before it are there. */
  reached: ReadonlyMap<string, Position>;
  /** Partitions whose newest message was not written by this publisher. */
  foreign: readonly string[];
}

type PublishedEvent = z.infer<typeof publishedEventSchema>;

const headersSchema = z
  .object({ ce_id: z.string(), ce_logposition: z.string().min(1), ce_batchafter: z.string() })
  .transform(({ ce_id, ce_logposition, ce_batchafter }) => ({
    event: { position: ce_logposition, id: ce_id },
    position: ce_batchafter,
  }));

/**
 * Batches are sent one after the other, each after the one before was acknowledged. So the newest message anywhere
 * proves that everything up to the start of its batch is published; each partition shows how much of the batch it has.
 * The checkpoint serves once retention has removed all messages. The topic of jobs, which is compacted, says nothing of the
 * others: it may outlive them.
 */
export function resumePoint(tails: readonly IncomingMessage[]): ResumePoint {
  const reached = new Map<string, Position>();
  const foreign: string[] = [];
  let after: Position = START;
  let newest: PublishedEvent | undefined;
  let isNew = true;
  let republishedUpTo: Position = START;
  let jobsUpTo: Position = START;
  for (const tail of tails) {
    const place = placeOf(tail);
    const read: Told | undefined = tail.topic === CHECKPOINT_TOPIC ? readCheckpoint(tail) : readHeaders(tail);
    if (read === undefined) {
      foreign.push(place);
      continue;
    }
    const { event } = read;
    if (event !== null && event.position > (newest?.position ?? START)) newest = event;
    if (tail.topic !== CHECKPOINT_TOPIC && event !== null) reached.set(place, event.position);
    if (tail.topic === JOBS_TOPIC) continue;
    isNew = false;
    if (read.position > after) after = read.position;
    if (read.republishedUpTo !== undefined) ({ republishedUpTo } = read);
    if (read.jobsUpTo !== undefined) ({ jobsUpTo } = read);
  }
  return { isNew, after, republishedUpTo, jobsUpTo, newest, reached, foreign };
}

export function placeOf({ topic, partition }: Pick<IncomingMessage, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}

type Told = Pick<PublishedUpTo, 'position' | 'event'> &
  Partial<Pick<PublishedUpTo, 'republishedUpTo' | 'jobsUpTo'>>;

function readHeaders({ headers }: IncomingMessage): Told | undefined {
  return headersSchema.safeParse(headers).data;
}

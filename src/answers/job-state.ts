import * as z from 'zod';
import type { VersionedSchema } from '../events/event-schemas.js';
import { jobAnswer } from './job-answers.js';

/** A job in its topic: what answers show of it, and how many events had made it so. */
const jobState = jobAnswer.extend({ version: z.int().describe('that of its stream by then') });

/**
 * What it was in earlier versions, oldest first, each derived from the next by what was not there yet: the topic keeps a
 * state until its job changes. One more is one more version.
 */
const earlier: readonly z.ZodObject[] = [];

/** What is published today. */
export const jobStateSchema = versioned(jobState, earlier.length);

/** All that the topic may hold, oldest first. */
export const jobStateSchemas: readonly VersionedSchema[] = [...earlier.map(versioned), jobStateSchema];

export type JobState = z.infer<typeof jobState>;

function versioned<T extends z.ZodObject>(schema: T, index: number): VersionedSchema & { schema: T } {
  const type = 'CronJobState';
  const version = index + 1;
  const urn = `urn:certification-cron:state:${type}:${version}`;
  const about = 'A job as it is: what GET /:id shows of it, and the version of its stream by then.';
  return { type, version, schema, urn, about };
}

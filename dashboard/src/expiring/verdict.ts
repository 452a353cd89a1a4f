import type { components } from '../api/openapi.js';
import { thresholdWords } from './days-left-words.js';
import { reasonSentence } from '../runs/reason-words.js';

type OutlookOfJob = components['schemas']['OutlookOfJob'];

export interface Verdict {
  /** The first sentence of an answer. */
  words: string;
  /** Of whom the sentence speaks: the job that reminds first. */
  job?: OutlookOfJob;
  /** What has renewed the record. */
  superseded_by?: string;
}

/** What all jobs together will do about a record: who reminds first, or that none will, and why where all say the same. */
export function verdictOf(jobs: readonly OutlookOfJob[]): Verdict | undefined {
  const [one] = jobs;
  if (one === undefined) return undefined;
  const dated = jobs.flatMap((job) => (job.next_reminder === null ? [] : [{ job, next: job.next_reminder }]));
  const [first] = dated.sort((here, there) => compare(here.next.date, there.next.date));
  if (first !== undefined) {
    const { date, threshold_days } = first.next;
    return { words: `The next reminder comes on ${date}, ${thresholdWords(threshold_days)}`, job: first.job };
  }
  if (one.reason === null || jobs.some(({ reason }) => reason !== one.reason))
    return { words: 'No reminder will come; each job has its reason.' };
  const { superseded_by } = one;
  return {
    words: `No reminder will come. ${reasonSentence(one.reason)}`,
    ...(superseded_by !== null && { superseded_by }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

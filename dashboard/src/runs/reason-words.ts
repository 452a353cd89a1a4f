import type { components } from '../api/openapi.js';

type NoReason = components['schemas']['NoReason'];

interface ReasonWords {
  /** Behind a number of records. */
  counted: string;
  /** Of one record: why a run today would not remind of it. */
  sentence: string;
}

/** Why a record has no reminder, in the order in which the check asks. */
const REASONS: Readonly<Record<NoReason, ReasonWords>> = {
  suspended: {
    counted: 'suspended',
    sentence: 'The record is suspended: nobody is reminded of it until its status is active again.',
  },
  withdrawn: {
    counted: 'withdrawn',
    sentence: 'The record is withdrawn: nobody is reminded of it.',
  },
  superseded: {
    counted: 'renewed by a later record of the same mentor and type',
    sentence: 'It was renewed: of the active records of a mentor and type only the last to expire counts.',
  },
  not_selected: {
    counted: 'of other types or labels than those of the job',
    sentence: 'The job is about other types or labels.',
  },
  not_due: {
    counted: 'not due: at no threshold, or only at some that are over',
    sentence: 'It is not due today: it has reached no threshold of the job, or only some that are over.',
  },
  too_long_expired: {
    counted: 'expired too long ago: no threshold is to come',
    sentence: 'It has expired too long ago: no threshold is to come any more.',
  },
  not_renewable_yet: {
    counted: 'cannot be renewed yet',
    sentence: 'It cannot be renewed yet: nobody is reminded before it can.',
  },
  already_asked: {
    counted: 'have had this reminder',
    sentence: 'This reminder was already asked for, and none is asked for twice.',
  },
  nearer_asked: {
    counted: 'have had a reminder for a nearer threshold',
    sentence: 'A reminder for a nearer threshold was already asked for.',
  },
};

/** A service that is newer than this page may have more of them. */
const WORDS: Readonly<Partial<Record<string, ReasonWords>>> = REASONS;

export function reasonSentence(reason: string): string {
  return WORDS[reason]?.sentence ?? `The reason is ${reason}.`;
}

export interface CountedReason {
  reason: string;
  counted: string;
  records: number;
}

/** Those that were counted at all. @param reasons of the result of a run; null where its executor did not say */
export function countedReasons(reasons: Readonly<Record<string, number>> | null): CountedReason[] {
  const known = Object.keys(REASONS);
  const others = Object.keys(reasons ?? {}).filter((reason) => !known.includes(reason));
  return [...known, ...others].flatMap((reason) => {
    const records = reasons?.[reason] ?? 0;
    if (records === 0) return [];
    return [{ reason, counted: WORDS[reason]?.counted ?? reason.replaceAll('_', ' '), records }];
  });
}

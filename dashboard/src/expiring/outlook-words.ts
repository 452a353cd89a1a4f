import type { components } from '../api/openapi.js';
import { thresholdWords } from './days-left-words.js';
import { reasonSentence } from '../runs/reason-words.js';

type OutlookOfJob = components['schemas']['OutlookOfJob'];

/** When a job will remind of a record, in words. */
export function nextWords({ next_reminder, reason, status }: OutlookOfJob): string {
  if (next_reminder !== null)
    return `On ${next_reminder.date}, for ${thresholdWords(next_reminder.threshold_days)}.`;
  if (status === 'disabled') return 'Never: the job is disabled and has no slots to come.';
  if (status === 'schedule_error') return 'Never: no slot of the job can be computed.';
  return reason === null ? 'Never by a slot: none comes in time.' : 'Never, if nothing changes.';
}

/** Why a run of a job today would remind of a record, or why not. */
export function todayWords({ reason }: Pick<OutlookOfJob, 'reason'>): string {
  return reason === null ? 'A run today would ask for a reminder.' : reasonSentence(reason);
}

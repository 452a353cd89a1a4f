import type { components } from '../api/openapi.js';
import { duration } from '../show/show-duration.js';
import { inZone } from '../show/show-instant.js';
import { skipWords } from '../slots/skip-words.js';
import { fieldName } from '../show/field-names.js';

export type HistoryEvent = components['schemas']['JobEvent'];

type Sentence = (event: HistoryEvent, at: (instant: unknown) => string) => string;

/** What each type of event says. Data that cannot be read may have any shape, so nothing of it is taken for granted. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  CronJobScheduled: ({ data }) => (typeof data.key === 'string' ? `Declared as ${data.key}` : 'Created'),
  CronJobUpdated: updateSentence,
  CronJobDeleted: () => 'Deleted',
  CronJobRestored: ({ changes }) => (changes === null ? 'Restored' : 'Restored, with other settings'),
  RunStarted: ({ data }, at) => {
    const run = `${data.dry_run === true ? 'dry run' : 'run'} ${told(data.run_no)}`;
    if (data.trigger === 'manual') return `Asked for ${run}`;
    const lateness = typeof data.late_by_ms === 'number' && data.late_by_ms >= 1_000 ? data.late_by_ms : 0;
    const late = lateness === 0 ? '' : `, ${duration(lateness)} after it was due`;
    return `Started ${run} for the slot ${at(data.slot)}${late}`;
  },
  RunCompleted: endSentence,
  RunSkipped: ({ data }, at) => {
    const slots =
      data.count === 1
        ? `the slot ${at(data.from)}`
        : `${told(data.count)} slots from ${at(data.from)} to ${at(data.to)}`;
    return `Skipped ${slots}: ${skipWords(told(data.reason))}`;
  },
  WatermarkReset: ({ data }, at) =>
    `Slots after ${at(data.to)} are owed again: a clock that ran ahead had settled those up to ${at(data.from)}`,
  ScheduleFailed: ({ data }) => `No slot can be computed any more: ${told(data.message)}`,
  RunResultRejected: () => 'A result came after its run had ended, and changed nothing',
  RequestAccepted: ({ data }) =>
    data.events === 0 ? 'Accepted a request that changed nothing' : 'Accepted a request that may be repeated',
  ReminderRequested: ({ data }) => `Asked for a reminder of ${told(data.certification_id)}`,
};

/** An event in plain words. Pure. @param zone an IANA zone, in which instants are told */
export function eventSentence(event: HistoryEvent, zone: string): string {
  const sentence = hasSentence(event.type) ? SENTENCES[event.type] : undefined;
  const at = (instant: unknown): string =>
    typeof instant === 'string' && !Number.isNaN(Date.parse(instant))
      ? inZone(instant, zone).text
      : told(instant);
  return sentence === undefined ? `${event.type}, which this page has no words for` : sentence(event, at);
}

/** Whether this page has words for a type. */
export function hasSentence(type: string): boolean {
  return Object.hasOwn(SENTENCES, type);
}

function updateSentence({ data, changes }: HistoryEvent): string {
  if (typeof data.reverted_to === 'number') return `Reverted to version ${data.reverted_to}`;
  const fields = changes?.map(({ field }): string => field) ?? Object.keys(data.changes ?? {});
  const to = isSet(data.changes) ? data.changes.enabled : undefined;
  const switched = to === true ? 'Enabled' : to === false ? 'Disabled' : '';
  const others = fields.filter((field) => field !== 'enabled' || switched === '').map(fieldName);
  if (others.length === 0) return switched === '' ? 'Changed' : switched;
  return switched === '' ? `Changed ${listed(others)}` : `${switched}, and changed ${listed(others)}`;
}

function endSentence({ data }: HistoryEvent): string {
  const error = isSet(data.error) ? data.error : undefined;
  const result = isSet(data.result) ? data.result : undefined;
  if (error?.code === 'cancelled') return `Cancelled a run: ${told(error.message)}`;
  if (data.status === 'failed')
    return `A run failed: ${error === undefined ? 'no reason told' : told(error.message)}`;
  if (result === undefined) return 'A run has ended';
  return `A run has ended: ${told(result.mentors_checked)} mentors checked, ${told(result.reminders_sent)} reminded`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function isSet(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function told(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

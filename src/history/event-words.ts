import type { JobEvent } from '../events/parse-event.js';
import { runNumberIn } from '../events/stream-names.js';
import type { FieldChange } from './changed-fields.js';
import type { HistoryEntry } from './history-entry.js';

interface Told<T extends JobEvent['type']> {
  /** Of the job itself, or of its runs and slots. */
  about: 'job' | 'runs';
  words: (data: Extract<JobEvent, { type: T }>['data'], changes: readonly FieldChange[]) => string;
}

/** Texts of clients may be long. */
const MOST_CHARACTERS = 200;
const SECOND_MS = 1_000;

/** How each type of event is told; an event that is new gets its line here. */
const told: { readonly [T in JobEvent['type']]: Told<T> } = {
  CronJobScheduled: {
    about: 'job',
    words: ({ name, cron_expression, time_zone, enabled }) =>
      `created ${quoted(name)}: ${quoted(cron_expression)} in ${shown(time_zone)}${enabled ? '' : ', disabled'}`,
  },
  CronJobUpdated: {
    about: 'job',
    words: ({ reverted_to }, changes) =>
      `${reverted_to === null ? '' : `reverted to version ${reverted_to}: `}changed ${changes.map(({ field, from, to }) => `${field} from ${shown(from)} to ${shown(to)}`).join('; ')}`,
  },
  CronJobDeleted: { about: 'job', words: () => 'deleted' },
  CronJobRestored: {
    about: 'job',
    words: ({ cron_expression, time_zone, enabled }) =>
      `restored: ${quoted(cron_expression)} in ${shown(time_zone)}${enabled ? '' : ', disabled'}`,
  },
  WatermarkReset: {
    about: 'job',
    words: ({ from, to }) =>
      `slots after ${to} owed again: a clock that ran ahead had settled them up to ${from}`,
  },
  ScheduleFailed: {
    about: 'job',
    words: ({ message }) => `the schedule cannot be computed: ${cut(message)}`,
  },
  RequestAccepted: {
    about: 'job',
    words: ({ events }) =>
      events === 0
        ? 'a request with a key found nothing to do'
        : 'the request had a key, and may be repeated',
  },
  RunStarted: {
    about: 'runs',
    words: ({ run_no, slot, late_by_ms, dry_run, reason }) => {
      const late = Math.floor((late_by_ms ?? 0) / SECOND_MS);
      const why = slot === null ? 'by hand' : `for the slot ${slot}${late > 0 ? `, ${late} s late` : ''}`;
      return `${dry_run ? 'dry run' : 'run'} ${run_no} started ${why}${reason === null ? '' : `: ${cut(reason)}`}`;
    },
  },
  RunCompleted: {
    about: 'runs',
    words: ({ run_id, status, result, error }) => {
      const end = status === 'success' ? 'completed' : 'failed';
      const code = error === null ? '' : `: ${cut(error.code)}, ${cut(error.message)}`;
      const counts =
        result === null ? '' : `: ${result.mentors_checked} mentors, ${result.reminders_sent} reminders`;
      return `run ${runNumberIn(run_id)} ${end}${code}${counts}`;
    },
  },
  RunSkipped: {
    about: 'runs',
    words: ({ from, to, count, reason }) =>
      count === 1
        ? `the slot ${from} skipped: ${reason}`
        : `${count} slots from ${from} to ${to} skipped: ${reason}`,
  },
  RunResultRejected: {
    about: 'runs',
    words: ({ run_id }) => `a result of run ${runNumberIn(run_id)} came too late and was rejected`,
  },
};

/** What an event of a job says, in words; texts of others stand in it as they are, but cut. Pure. */
export function eventWords(event: JobEvent, changes: readonly FieldChange[] | null): string {
  const { words } = told[event.type];
  // The table has for each type the words of just that type, which the compiler cannot follow.
  return words(event.data as never, changes ?? []);
}

/** The same for an entry, whose type may be one that this version does not know. Pure. */
export function entryWords({ type, data, changes }: HistoryEntry): string {
  if (!isTold(type)) return `${cut(type)}, which this version does not know`;
  return eventWords({ type, data } as JobEvent, changes);
}

/** Whether an event is about a run or slots, of which a job has many more than changes. */
export function isAboutRuns(type: string): boolean {
  return isTold(type) && told[type].about === 'runs';
}

function isTold(type: string): type is JobEvent['type'] {
  return Object.hasOwn(told, type);
}

/** A value of the configuration. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string' && /^[\w/+-]+$/.test(value)) return cut(value);
  return quoted(value);
}

function quoted(value: unknown): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

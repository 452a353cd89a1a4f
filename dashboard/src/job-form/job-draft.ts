import type { components } from '../api/openapi.js';

type Schemas = components['schemas'];

/** The settings of a job, as the API has them. */
export type Settings = Pick<Schemas['Job'], Schemas['JobField']>;

/** The settings of a job as they stand in the fields of the form: what is typed may be anything. */
export interface JobDraft {
  name: string;
  description: string;
  cron_expression: string;
  time_zone: string;
  enabled: boolean;
  /** One a line, since a label may have commas; so have the types and labels of the selection. */
  labels: string;
  /** Days, with commas or blanks between them; none: those of the service. */
  reminder_thresholds: string;
  select_types: string;
  select_labels: string;
  max_reminders: string;
  catchup_policy: Schemas['CatchupPolicy'];
  catchup_window_seconds: string;
  misfire_grace_seconds: string;
  concurrency_policy: Schemas['ConcurrencyPolicy'];
  timeout_seconds: string;
}

export type DraftField = keyof JobDraft;

/** What the service takes for what is left out; the form shows it, so that nobody has to know it. */
const DEFAULTS: Omit<JobDraft, 'time_zone'> = {
  name: '',
  description: '',
  cron_expression: '',
  enabled: true,
  labels: '',
  reminder_thresholds: '',
  select_types: '',
  select_labels: '',
  max_reminders: '',
  catchup_policy: 'latest',
  catchup_window_seconds: '86400',
  misfire_grace_seconds: '60',
  concurrency_policy: 'forbid',
  timeout_seconds: '3600',
};

/** A job that is not there yet. @param time_zone that of who makes it */
export function newDraft(time_zone: string): JobDraft {
  return { ...DEFAULTS, time_zone };
}

export function draftOf(job: Settings): JobDraft {
  return {
    name: job.name,
    description: job.description ?? '',
    cron_expression: job.cron_expression,
    time_zone: job.time_zone,
    enabled: job.enabled,
    labels: job.labels.join('\n'),
    reminder_thresholds: job.reminder_thresholds?.join(', ') ?? '',
    select_types: job.select?.types?.join('\n') ?? '',
    select_labels: job.select?.labels?.join('\n') ?? '',
    max_reminders: job.max_reminders === null ? '' : String(job.max_reminders),
    catchup_policy: job.catchup_policy,
    catchup_window_seconds: String(job.catchup_window_seconds),
    misfire_grace_seconds: String(job.misfire_grace_seconds),
    concurrency_policy: job.concurrency_policy,
    timeout_seconds: String(job.timeout_seconds),
  };
}

/** What is sent. What is no number stays as it was typed: the service says at its field what is allowed. */
export function settingsOf(draft: JobDraft): Record<keyof Settings, unknown> {
  const types = linesOf(draft.select_types);
  const labels = linesOf(draft.select_labels);
  return {
    name: draft.name,
    description: draft.description.trim() === '' ? null : draft.description,
    cron_expression: draft.cron_expression,
    time_zone: draft.time_zone,
    enabled: draft.enabled,
    labels: linesOf(draft.labels),
    reminder_thresholds: orNull(
      draft.reminder_thresholds
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(numberOf),
    ),
    select: types.length + labels.length === 0 ? null : { types: orNull(types), labels: orNull(labels) },
    max_reminders: draft.max_reminders.trim() === '' ? null : numberOf(draft.max_reminders),
    catchup_policy: draft.catchup_policy,
    catchup_window_seconds: numberOf(draft.catchup_window_seconds),
    misfire_grace_seconds: numberOf(draft.misfire_grace_seconds),
    concurrency_policy: draft.concurrency_policy,
    timeout_seconds: numberOf(draft.timeout_seconds),
  };
}

function numberOf(text: string): number | string {
  return /^\s*[-+]?\d{1,15}\s*$/.test(text) ? Number(text) : text;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

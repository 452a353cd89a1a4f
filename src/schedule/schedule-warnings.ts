import type { ParseOptions } from './cron-expression.js';
import { refusedToday } from './refused-today.js';

export interface ScheduleWarning {
  code: string;
  field: string;
  message: string;
}

export interface WarnedJob {
  cron_expression: string;
  time_zone: string;
  status: 'active' | 'disabled' | 'schedule_error';
  schedule_error: string | null;
  next_run_at: string | null;
  /** Of a deleted job nothing comes up, whatever its expression. */
  deleted_at?: string | null | undefined;
}

/** What is not wrong with the schedule of a job, but should be looked at; lists are asked for it by `has_warnings`. */
export function scheduleWarnings(job: WarnedJob, options: ParseOptions): ScheduleWarning[] {
  if (job.schedule_error !== null) return [];
  const refused = refusedToday(job, options).map(({ code, field, message }) => ({
    code,
    field,
    message: `was accepted by an earlier version and goes on as it was meant then, but: ${message}`,
  }));
  const isSilent = job.status === 'active' && job.next_run_at === null && (job.deleted_at ?? null) === null;
  if (!isSilent) return refused;
  const silent = { code: 'never_due', field: 'cron_expression', message: 'nothing comes up within 12 years' };
  return [...refused, silent];
}

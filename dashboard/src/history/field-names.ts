import type { components } from '../api/openapi.js';

/** Settings of a job, as people call them. */
export const FIELD_NAMES: Readonly<Record<components['schemas']['JobField'], string>> = {
  name: 'name',
  cron_expression: 'schedule',
  enabled: 'enabled',
  time_zone: 'time zone',
  description: 'description',
  misfire_grace_seconds: 'grace of late slots',
  catchup_policy: 'policy for late slots',
  catchup_window_seconds: 'window of late slots',
  concurrency_policy: 'policy beside an open run',
  timeout_seconds: 'timeout of runs',
  reminder_thresholds: 'reminder thresholds',
  select: 'selection',
  max_reminders: 'limit of reminders',
  labels: 'labels',
};

/** @param field one that this page does not know is told as it is */
export function fieldName(field: string): string {
  return (FIELD_NAMES as Readonly<Record<string, string>>)[field] ?? field.replaceAll('_', ' ');
}

import type { components } from '../api/openapi.js';

/** Settings of a job, as people call them: in its form, in its history, and where two versions differ. */
export const FIELD_NAMES: Readonly<Record<components['schemas']['JobField'], string>> = {
  name: 'name',
  cron_expression: 'schedule',
  enabled: 'enabled',
  time_zone: 'time zone',
  description: 'description',
  misfire_grace_seconds: 'grace for late slots',
  catchup_policy: 'late slots',
  catchup_window_seconds: 'window for late slots',
  concurrency_policy: 'overlapping runs',
  timeout_seconds: 'timeout of runs',
  reminder_thresholds: 'reminder thresholds',
  select: 'selection',
  max_reminders: 'limit of reminders',
  labels: 'labels',
};

const PARTS = { select_types: 'selected types', select_labels: 'selected labels' };

/** @param field one that this page does not know is told as it is */
export function fieldName(field: string): string {
  return (
    ({ ...FIELD_NAMES, ...PARTS } as Readonly<Record<string, string>>)[field] ?? field.replaceAll('_', ' ')
  );
}

/** As it begins a line. */
export function fieldLabel(field: string): string {
  const name = fieldName(field);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

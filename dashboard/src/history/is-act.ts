import type { HistoryEvent } from './event-sentence.js';

/** What happens to the job itself. The index of events finds these at once, however many runs lie between them. */
export const CHANGE_TYPES = [
  'CronJobScheduled',
  'CronJobUpdated',
  'CronJobDeleted',
  'CronJobRestored',
  'WatermarkReset',
  'ScheduleFailed',
] as const;

/** What the service does night after night, and what it writes beside the acts of others. */
const ROUTINE_TYPES = ['RunStarted', 'RunCompleted', 'RunSkipped', 'RunResultRejected', 'RequestAccepted'];
const SERVICE_ACTORS = ['scheduler', 'worker', 'external-executor'];

/** Types whose event says a configuration that a job can be reverted to. */
const CONFIG_TYPES = ['CronJobScheduled', 'CronJobUpdated', 'CronJobRestored'];

/**
 * Whether somebody looks for it first: a change of the job, a run that a person has asked for or cancelled, what this page
 * does not know, and what cannot be read. Not the routine of the service. Pure.
 */
export function isAct({ type, actor, data, unreadable }: HistoryEvent): boolean {
  if (unreadable !== null || !ROUTINE_TYPES.includes(type)) return true;
  if (type === 'RunStarted') return data.trigger === 'manual';
  const { error } = data;
  const isCancelled =
    typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 'cancelled';
  return type === 'RunCompleted' && isCancelled && !SERVICE_ACTORS.includes(actor);
}

export function saysConfig({ type, unreadable }: HistoryEvent): boolean {
  return CONFIG_TYPES.includes(type) && unreadable === null;
}

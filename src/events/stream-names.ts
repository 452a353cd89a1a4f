/** One stream per job: its version is the lock. */
export const JOB_STREAM_PREFIX = 'cronJob-';
/** One stream for all reminders of a certification; earlier versions had one for each of its expiries. */
export const REMINDER_STREAM_PREFIX = 'certificationReminder-';
/** The lease of the leader among all instances on this log. */
export const LEADER_LEASE_STREAM = 'lease-leader';
/** Signs of life of all instances on this log. */
export const FLEET_STREAM = 'fleet-signs';

export function jobStream(cronId: string): string {
  return JOB_STREAM_PREFIX + cronId;
}

export function cronIdOf(stream: string): string {
  return stream.slice(JOB_STREAM_PREFIX.length);
}

const RUN_NO_DIGITS = 10;

/** Letters and digits only; sorts in the order of the job's runs, and needs no coordination but the append itself. */
export function runIdOf(cronId: string, runNo: number): string {
  return `run-${cronId.slice('cron-'.length)}${String(runNo).padStart(RUN_NO_DIGITS, '0')}`;
}

/** The number in an id that `runIdOf` has made; what it gives for another text is the number of no run. */
export function runNumberIn(runId: string): number {
  return Number(runId.slice(-RUN_NO_DIGITS));
}

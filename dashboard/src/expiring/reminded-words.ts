import type { components } from '../api/openapi.js';
import { count } from '../show/show-duration.js';

type Run = Pick<components['schemas']['RunInList'], 'status' | 'result'>;

/** How many a run has reminded, as far as its result says. One that was cut off may have asked for some before. */
export function remindedWords({ status, result }: Run): string {
  if (result === null) return status === 'running' ? 'those so far' : 'those before it ended';
  const { reminders_sent: reminders } = result;
  if (reminders === 0) return 'nobody';
  return `${count(reminders)} ${reminders === 1 ? 'reminder' : 'reminders'}`;
}

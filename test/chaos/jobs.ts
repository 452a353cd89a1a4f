import type { Certification } from '../../src/ports/certification-registry.js';
import type { RoundRobin } from './round-robin.js';

const EVERY_SECOND = '* * * * * *';

/** Jobs that come due all the time, with policies and time-outs that a fault of seconds brings to bear. */
const JOBS = [
  { cron_expression: EVERY_SECOND, concurrency_policy: 'allow', timeout_seconds: 15 },
  { cron_expression: '*/2 * * * * *', concurrency_policy: 'forbid', timeout_seconds: 15 },
  {
    ...{ cron_expression: '*/3 * * * * *', concurrency_policy: 'forbid', timeout_seconds: 5 },
    ...{ catchup_policy: 'skip', misfire_grace_seconds: 1 },
  },
  {
    ...{ cron_expression: '*/2 * * * * *', concurrency_policy: 'allow', timeout_seconds: 10 },
    ...{ catchup_policy: 'all', misfire_grace_seconds: 1, catchup_window_seconds: 10 },
  },
  {
    ...{ cron_expression: '*/3 * * * * *', concurrency_policy: 'forbid', timeout_seconds: 2 },
    ...{ catchup_policy: 'latest', misfire_grace_seconds: 0 },
  },
  {
    ...{ cron_expression: '*/5 * * * * *', concurrency_policy: 'forbid', timeout_seconds: 10 },
    ...{ catchup_policy: 'all', misfire_grace_seconds: 0, catchup_window_seconds: 20 },
  },
];

/** @returns the id of a further job of each second, that is there to be disabled and enabled */
export async function createJobs(client: RoundRobin): Promise<string> {
  let last = '';
  for (const job of [...JOBS, { cron_expression: EVERY_SECOND, concurrency_policy: 'allow' }]) {
    const { status, answer } = await client.send('POST', '', { name: 'due all the time', ...job });
    if (status !== 201) throw new Error(`a job was not created: ${status} ${JSON.stringify(answer)}`);
    last = answer.id;
  }
  return last;
}

const DAY_MS = 86_400_000;

/** For mentors with these numbers two each, all of which are to be reminded of by now. */
export function expiringCertifications(firstMentor: number, mentors: number): Certification[] {
  return Array.from({ length: 2 * mentors }, (_, index) => ({
    certification_id: `certification-${2 * firstMentor + index}`,
    mentor_id: `mentor-${firstMentor + Math.floor(index / 2)}`,
    expires_at: new Date(Date.now() + ((index % 25) + 2) * DAY_MS).toISOString().slice(0, 10),
  }));
}

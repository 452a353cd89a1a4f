import type { Certification } from '../../src/ports/certification-registry.js';
import { certificationOf } from '../support/sample-documents.js';
import type { RoundRobin } from './round-robin.js';

/** Jobs due every few seconds, with policies and timeouts that a fault of some seconds triggers. */
const JOBS = [
  { every: 1, concurrency_policy: 'allow', timeout_seconds: 15 },
  { every: 2, concurrency_policy: 'forbid', timeout_seconds: 15 },
  {
    every: 3,
    concurrency_policy: 'forbid',
    timeout_seconds: 5,
    catchup_policy: 'skip',
    misfire_grace_seconds: 1,
  },
  {
    every: 2,
    concurrency_policy: 'allow',
    timeout_seconds: 10,
    catchup_policy: 'all',
    misfire_grace_seconds: 1,
    catchup_window_seconds: 10,
  },
  {
    every: 3,
    concurrency_policy: 'forbid',
    timeout_seconds: 2,
    catchup_policy: 'latest',
    misfire_grace_seconds: 0,
  },
  {
    every: 5,
    concurrency_policy: 'forbid',
    timeout_seconds: 10,
    catchup_policy: 'all',
    misfire_grace_seconds: 0,
    catchup_window_seconds: 20,
  },
];

/**
 * @param pace 1, or 2 for half as many slots
 * @returns the id of a further job, for the load to disable and enable
 */
export async function createJobs(client: RoundRobin, pace: 1 | 2): Promise<string> {
  let last = '';
  const further = { every: 1, concurrency_policy: 'allow' };
  for (const [index, { every, ...job }] of [...JOBS, further].entries()) {
    // The first one is due each second in any case: takeovers are measured by it.
    const cron_expression = `*/${index === 0 ? every : every * pace} * * * * *`;
    const body = { name: 'due all the time', cron_expression, ...job };
    const { status, answer } = await client.send('POST', '', body);
    if (status !== 201) throw new Error(`a job was not created: ${status} ${JSON.stringify(answer)}`);
    last = answer.id;
  }
  return last;
}

const DAY_MS = 86_400_000;

/** Two for each mentor with these numbers, all due for a reminder by now. */
export function expiringCertifications(firstMentor: number, mentors: number): Certification[] {
  return Array.from({ length: 2 * mentors }, (_, index) =>
    certificationOf({
      certification_id: `certification-${2 * firstMentor + index}`,
      mentor_id: `mentor-${firstMentor + Math.floor(index / 2)}`,
      expires_at: new Date(Date.now() + ((index % 25) + 2) * DAY_MS).toISOString().slice(0, 10),
    }),
  );
}

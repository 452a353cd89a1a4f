import { readTopic } from '../servers/kcat.js';
import { eventually } from '../support/eventually.js';
import type { RoundRobin } from './round-robin.js';

const WELL_WITHIN_MS = 60_000;

/**
 * Resolves when the instances have begun to publish. A run that is over by then is not sent to the workers: of what was there
 * before, they get what is still open. So a load begins afterwards.
 */
export async function publishingHasBegun(
  client: RoundRobin,
  brokers: string,
  topicPrefix: string,
): Promise<void> {
  await client.send('POST', '', { name: 'first', cron_expression: '0 2 1 1 *' });
  await eventually(
    'publishing has begun',
    // Before that there is no such topic.
    async () =>
      (await readTopic(brokers, `${topicPrefix}certification-cron.events`).catch(() => [])).length > 0,
    WELL_WITHIN_MS,
  );
}

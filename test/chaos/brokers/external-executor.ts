import { randomUUID } from 'node:crypto';
import { openKafkaBus } from '../../../src/adapters/kafka/kafka-bus.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import type { Dice } from '../../simulation/dice.js';
import { openInsistentProducer } from './insistent-producer.js';

export interface ExternalExecutor {
  /** The run of each message that it was given, repeats too. */
  taken: readonly string[];
  /** The `ce_id` of each result that the brokers have acknowledged. */
  acknowledged: readonly string[];
  stop(): Promise<void>;
}

/** A result is sent twice, with the same id; or the run is performed twice, with another result. */
const REPEATED = 0.2;

/** Another service that performs runs: takes them from a topic, and reports each as a success with a count of its own. */
export async function startExternalExecutor(
  brokers: string,
  topicPrefix: string,
  dice: Dice,
): Promise<ExternalExecutor> {
  const producer = await openInsistentProducer(brokers, `${topicPrefix}certification-cron.results`);
  const bus = openKafkaBus({
    brokers: brokers.split(','),
    clock: systemClock,
    ids: systemIds,
    logger: createCollectingLogger(),
  });
  const stopping = new AbortController();
  const [taken, acknowledged]: [string[], string[]] = [[], []];
  let performed = 0;

  async function report(run: { cron_id: string; run_id: string }, id: string): Promise<void> {
    const result = { mentors_checked: ++performed, reminders_sent: 0, errors: 0 };
    const value = JSON.stringify({ ...run, status: 'success', result });
    const message = { key: run.run_id, value, headers: { ce_id: id } };
    const times = dice.chance(REPEATED) ? 2 : 1;
    for (let sent = 0; sent < times; sent++) await producer.send(message);
    acknowledged.push(id);
  }

  const consuming = bus.consume({
    topic: `${topicPrefix}certification-cron.runs`,
    group: `${topicPrefix}executor`,
    atMost: 10,
    partitionsAtOnce: 6,
    signal: stopping.signal,
    async handle(messages) {
      for (const { value } of messages) {
        const { cron_id, run_id } = JSON.parse(Buffer.from(value ?? []).toString()) as Record<string, string>;
        if (cron_id === undefined || run_id === undefined) throw new Error('a run without ids');
        taken.push(run_id);
        await report({ cron_id, run_id }, randomUUID());
        if (dice.chance(REPEATED)) await report({ cron_id, run_id }, randomUUID());
      }
    },
  });
  return {
    taken,
    acknowledged,
    async stop() {
      stopping.abort();
      await consuming;
      await Promise.all([bus.close(), producer.close()]);
    },
  };
}

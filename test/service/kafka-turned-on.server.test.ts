import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { withTopicPrefix } from '../../src/adapters/kafka/with-topic-prefix.js';
import { EVENTS_TOPIC, JOBS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC } from '../../src/messaging/topics.js';
import { faultsOfMessage } from '../golden/schema-faults.js';
import { openKafkaTestBus } from '../servers/kafka-test-bus.js';
import { describeWithServer } from '../servers/with-server.js';
import { startConsuming } from '../support/consumed.js';
import { eventually } from '../support/eventually.js';
import { startApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeOldLog } from './old-log.js';

describeWithServer('kafka', 'Kafka, turned on for an old log', (brokers) => {
  it('gets all events, and to act on only what is due or open; so it does under another prefix', async () => {
    const dataDir = temporaryFolder();
    const old = await writeOldLog(dataDir, { years: 1, mentors: 30, now: Date.now() });
    const env = { DATA_DIR: dataDir, EXECUTOR: 'external', KAFKA_BROKERS: brokers };
    for (const prefix of [`one-${randomUUID()}.`, `other-${randomUUID()}.`]) {
      const running = await startApp(env, { bus: withTopicPrefix(openKafkaTestBus(brokers), prefix) });
      await running.app.adapters.registry.upsert(old.registry, 'test');
      const over = ({ message }: { message: string }): boolean => message === 'the log so far is published';
      await eventually('it is over', () => running.logged.some(over), 60_000);
      const reader = withTopicPrefix(openKafkaTestBus(brokers), prefix);
      const [events, runs, reminders, jobs] = [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC, JOBS_TOPIC].map(
        (topic) => startConsuming(reader, { topic, group: randomUUID() }),
      );
      const idsIn = (consumed = events): unknown[] =>
        (consumed?.messages ?? []).map(({ headers }) => headers.ce_id).sort();
      await eventually('all events', () => idsIn().length >= old.events.length, 60_000);
      await eventually('the reminders', () => idsIn(reminders).length >= old.due.length, 60_000);
      await eventually('the open run', () => idsIn(runs).length > 0, 60_000);
      await eventually('the jobs', () => idsIn(jobs).length >= 3, 60_000);
      expect(idsIn()).toEqual([...old.events].sort());
      expect(idsIn(reminders)).toEqual([...old.due].sort());
      expect(idsIn(runs)).toEqual(old.openRuns);
      const marks = [events, runs, reminders].flatMap((consumed) =>
        (consumed?.messages ?? []).map(({ headers }) => headers.ce_republished),
      );
      expect(new Set(marks)).toEqual(new Set(['true']));
      const shown = (jobs?.messages ?? []).map(({ key, value }) => [key, value === null]);
      expect(shown.sort()).toEqual([...old.jobs.map((id) => [id, false]), ['cron-water', true]].sort());
      for (const consumed of [events, runs, reminders, jobs])
        expect(consumed?.messages.flatMap(faultsOfMessage)).toEqual([]);
      await reader.close();
      await running.app.stop();
    }
  }, 180_000);
});

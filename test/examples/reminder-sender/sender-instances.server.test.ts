import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { openJournal } from '../../../examples/reminder-sender/src/open-journal.js';
import { EVENTS_TOPIC, REMINDERS_TOPIC, topics } from '../../../src/messaging/topics.js';
import { openKafkaTestBus } from '../../servers/kafka-test-bus.js';
import { describeWithServer } from '../../servers/with-server.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startMailServer } from './mail-server.js';
import { reminderMessages } from './reminder-messages.js';
import { startSender, type SenderProcess } from './sender-process.js';

const READ = topics.filter(({ name }) => [EVENTS_TOPIC, REMINDERS_TOPIC].includes(name));
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describeWithServer('kafka', 'several senders of reminders', (brokers) => {
  it('with one journal send each mail once, while the partitions move between them', async () => {
    const { ask, env, server, start } = await given(brokers);
    const senders = [start(env('journal')), start(env('journal'))];
    await ask(0, 100);
    await eventually('some are sent', () => server.received.length >= 20, 30_000);
    const code = await senders[0]?.end('SIGTERM');
    expect({ code, said: code === 0 ? [] : senders[0]?.output.slice(-20) }).toEqual({ code: 0, said: [] });
    start(env('journal'));
    await ask(100, 200);
    await eventually('all are sent', () => server.received.length >= 200, 30_000);
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(200);
    expect(server.received).toHaveLength(200);
    expect(senders[0]?.output.filter((line) => line.includes('"msg":"mail sent"')).length).toBeGreaterThan(0);
    expect(senders[1]?.output.filter((line) => line.includes('"msg":"mail sent"')).length).toBeGreaterThan(0);
  }, 90_000);

  it('with two journals do not read the same partition: the second one ends and says why', async () => {
    const { ask, env, server, start } = await given(brokers);
    const first = start(env('first'));
    await ask(0, 20);
    await eventually('all are sent', () => server.received.length >= 20, 30_000);
    await first.end('SIGKILL');
    await ask(20, 40);
    const second = start(env('second'));
    expect(await second.ended).toBe(1);
    const { id } = openJournal(env('first').JOURNAL_FILE);
    expect(second.output.join('\n')).toContain(`was read into the journal ${id}`);
    expect(server.received).toHaveLength(20);

    start({ ...env('second'), JOURNAL_SUCCEEDS: id });
    await eventually('the rest is sent', () => server.received.length >= 40, 30_000);
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(40);
  }, 90_000);
});

async function given(brokers: string) {
  const server = await startMailServer();
  const prefix = `instances-${randomUUID()}.`;
  const bus = openKafkaTestBus(brokers, { requestMs: 10_000, callMs: 25_000 });
  await bus.createTopics(READ.map((topic) => ({ ...topic, name: prefix + topic.name })));
  const producer = await bus.openProducer();
  const folder = temporaryFolder();
  const mentors = Array.from({ length: 20 }, (_, index) => `mentor-${index}`);
  const people = mentors.map((mentor) => [mentor, { address: `${mentor}@example.com` }] as const);
  writeFileSync(join(folder, 'addresses.json'), JSON.stringify(Object.fromEntries(people)));
  ends.push(
    () => server.close(),
    () => bus.close(),
    () => producer.close(),
  );
  return {
    server,
    env: (journal: string): Record<string, string> & { JOURNAL_FILE: string } => ({
      KAFKA_BROKERS: brokers,
      KAFKA_TOPIC_PREFIX: prefix,
      KAFKA_SESSION_SECONDS: '1',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(server.port),
      SMTP_TLS: 'none',
      MAIL_FROM: 'reminders@example.com',
      MAIL_PER: 'reminder',
      ADDRESSES_FILE: join(folder, 'addresses.json'),
      JOURNAL_FILE: join(folder, `${journal}.db`),
    }),
    start: (variables: Record<string, string>): SenderProcess => {
      const sender = startSender(variables);
      ends.push(() => sender.end('SIGTERM'));
      return sender;
    },
    ask: async (from: number, to: number): Promise<void> => {
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      const asked = numbers.map((number) =>
        reminderMessages({ certification: `cert-${number}`, mentor: `mentor-${number % 20}`, run: 'run-1' }),
      );
      await producer.send(asked.flat().map((message) => ({ ...message, topic: prefix + message.topic })));
    },
  };
}

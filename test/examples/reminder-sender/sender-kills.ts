import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { createMailLists } from '../../../examples/reminder-sender/src/mail-lists.js';
import { openJournal } from '../../../examples/reminder-sender/src/open-journal.js';
import { EVENTS_TOPIC, REMINDERS_TOPIC, topics } from '../../../src/messaging/topics.js';
import type { OutgoingMessage, Producer } from '../../../src/ports/message-bus.js';
import { openKafkaTestBus } from '../../servers/kafka-test-bus.js';
import { eventually } from '../../support/eventually.js';
import { startMailServer, type MailServer, type ReceivedMail, type Verdict } from './mail-server.js';
import { reminderMessages, runCompletedMessages } from './reminder-messages.js';
import { runCommand, startSender } from './sender-process.js';

export const KILL_POINTS = [
  'before the dot',
  'after the dot',
  'on the answer',
  'in the message',
  'before a commit',
  'at random',
] as const;

export interface SenderKills {
  kills: number;
  /** How many of them at each point. */
  at: Record<string, number>;
  reminders: number;
  mails: number;
  /** Reminders that the mail server has accepted twice, at any time: must be none. */
  twice: number;
  /** Neither accepted nor in doubt, when all had settled: must be none. */
  lost: number;
  /** Mails that were in doubt then, and how many of them the mail server had accepted. */
  inDoubt: number;
  inDoubtAccepted: number;
  /** How often the mail server has hung up after a dot, which leaves a doubt without any kill. */
  hungUp: number;
  /** Reminders that were not accepted exactly once when those in doubt had been resolved: must be none. */
  notOnce: number;
  messagesAside: number;
  /** Milliseconds from the mark before the dot to the mark after the answer: the time in which a kill leaves a doubt. */
  medianDoubtMs: number;
}

const READ = topics.filter(({ name }) => [EVENTS_TOPIC, REMINDERS_TOPIC].includes(name));
const MENTORS = ['ann', 'bob', 'carol'];
const LONGEST_LIFE_MS = 2_500;
const SETTLED_WITHIN_MS = 60_000;

/**
 * Kills the sender with SIGKILL while it reads and sends, again and again: at chosen points and at random. The mail server
 * refuses, hangs up and takes its time meanwhile. It tells the truth that the outcome is measured by.
 */
export async function killSender(options: {
  kills: number;
  mailPer: 'run' | 'reminder';
  brokers: string;
  folder: string;
  onKill: (kill: number) => void;
}): Promise<SenderKills> {
  const { kills, mailPer, brokers, folder, onKill } = options;
  let isFaulty = true;
  const server = await startMailServer({ verdict: () => (isFaulty ? faultyVerdict() : 'accept') });
  const prefix = `sender-${randomUUID()}.`;
  const bus = openKafkaTestBus(brokers, { requestMs: 10_000, callMs: 25_000 });
  await bus.createTopics(READ.map((topic) => ({ ...topic, name: prefix + topic.name })));
  const producer = await bus.openProducer();
  const env = environment({ brokers, prefix, port: server.port, mailPer, folder });
  const certifications: string[] = [];
  const at: Record<string, number> = {};
  for (let kill = 1; kill <= kills; kill++) {
    certifications.push(...(await publishRun(producer, prefix, kill)));
    const point = KILL_POINTS[kill % KILL_POINTS.length] ?? 'at random';
    await killOnce(env, point);
    at[point] = (at[point] ?? 0) + 1;
    onKill(kill);
  }
  await producer.close();
  await bus.close();
  isFaulty = false;
  const sender = startSender(env);
  const found = await settleAndResolve(env, server, certifications);
  await sender.end('SIGTERM');
  await server.close();
  const hungUp = server.received.filter(({ verdict }) => String(verdict).endsWith('hang up')).length;
  return { kills, at, reminders: certifications.length, hungUp, ...found };
}

/** Compares what the mail server has accepted with what was asked for, before and after doubts are resolved by its word. */
async function settleAndResolve(
  env: Environment,
  server: MailServer,
  certifications: readonly string[],
): Promise<Omit<SenderKills, 'kills' | 'at' | 'reminders' | 'hungUp'>> {
  const journal = openJournal(env.JOURNAL_FILE);
  const lists = createMailLists(journal);
  await settled(lists, certifications.length);
  const doubtful = await runCommand(env, 'list', 'in_doubt');
  const accepted = new Set(server.accepted().map(({ messageId }) => messageId));
  const before = timesAccepted(server.accepted(), certifications);
  const inDoubt = new Set<string>(doubtful.flatMap(({ certification_ids }) => certification_ids));
  for (const { mail_id, message_id } of doubtful) {
    await runCommand(env, 'resolve', mail_id, accepted.has(message_id) ? 'sent' : 'unsent');
  }
  await settled(lists, certifications.length);
  journal.db.close();
  const after = timesAccepted(server.accepted(), certifications);
  const sent = await runCommand(env, 'list', 'sent');
  const answered = sent.filter(({ reason }) => reason !== 'resolved by hand');
  return {
    mails: sent.length,
    twice: after.filter((times) => times > 1).length,
    lost: certifications.filter((id, index) => before[index] === 0 && !inDoubt.has(id)).length,
    inDoubt: doubtful.length,
    inDoubtAccepted: doubtful.filter(({ message_id }) => accepted.has(message_id)).length,
    notOnce: after.filter((times) => times !== 1).length,
    messagesAside: (await runCommand(env, 'messages')).length,
    medianDoubtMs: median(
      answered.map(({ finishing_at, sent_at }) => Date.parse(sent_at) - Date.parse(finishing_at)),
    ),
  };
}

type Environment = ReturnType<typeof environment>;

function environment(options: {
  brokers: string;
  prefix: string;
  port: number;
  mailPer: string;
  folder: string;
}) {
  const addressesFile = join(options.folder, 'addresses.json');
  const people = MENTORS.map(
    (mentor) => [mentor, { name: mentor, address: `${mentor}@example.com` }] as const,
  );
  writeFileSync(addressesFile, JSON.stringify(Object.fromEntries(people)));
  return {
    KAFKA_BROKERS: options.brokers,
    KAFKA_TOPIC_PREFIX: options.prefix,
    KAFKA_SESSION_SECONDS: '1',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(options.port),
    SMTP_TLS: 'none',
    SMTP_TIMEOUT_SECONDS: '5',
    MAIL_FROM: 'Reminders <reminders@example.com>',
    MAIL_PER: options.mailPer,
    RETRY_SECONDS: '1',
    ADDRESSES_FILE: addressesFile,
    JOURNAL_FILE: join(options.folder, 'journal.db'),
  };
}

function faultyVerdict(): Verdict | Promise<Verdict> {
  const dice = Math.random();
  if (dice < 0.1) return 451;
  if (dice < 0.13) return 'hang up';
  if (dice < 0.16) return 'accept and hang up';
  return pause(Math.random() * 30).then(() => 'accept');
}

/** A run with its end: reminders, some of them twice, from another run, out of order or republished; and rubbish. */
async function publishRun(producer: Producer, prefix: string, round: number): Promise<string[]> {
  const run = `run-${round}`;
  const certifications = MENTORS.flatMap((mentor) => [
    `cert-${round}-${mentor}-1.`,
    `cert-${round}-${mentor}-2.`,
  ]);
  const asked = certifications.map((certification) =>
    reminderMessages({ certification, mentor: certification.split('-')[2] ?? '', run }),
  );
  const [first = [], second = []] = asked;
  const republished = second.map((message) => ({
    ...message,
    headers: { ...message.headers, ce_republished: 'true' },
  }));
  const fromAnotherRun = reminderMessages({
    certification: certifications[0] ?? '',
    mentor: 'ann',
    run: `other-${round}`,
  });
  const rubbish = first.map((message) => ({ ...message, value: '{"certification_id":' }));
  const messages = [
    ...asked.reverse(),
    first,
    rubbish,
    republished,
    fromAnotherRun,
    runCompletedMessages(run),
  ].flat();
  await producer.send(
    [...messages, ...first].map((message): OutgoingMessage => ({
      ...message,
      topic: prefix + message.topic,
    })),
  );
  return certifications;
}

async function killOnce(env: Environment, point: string): Promise<void> {
  const preload = pathToFileURL(resolve('test/examples/reminder-sender/kill-at.mjs')).href;
  const chosen = { ...env, KILL_AT: point, KILL_AFTER: String(Math.floor(Math.random() * 2)) };
  const sender = startSender(chosen, preload);
  const longest = point === 'at random' ? Math.random() * LONGEST_LIFE_MS : LONGEST_LIFE_MS;
  await Promise.race([sender.ended, pause(longest)]);
  const code = await sender.end('SIGKILL');
  if (code !== null)
    throw new Error(`the sender has ended by itself with ${code}:\n${sender.output.join('\n')}`);
}

/** Until all reminders are in mails, and each mail is where it stays. */
async function settled(lists: ReturnType<typeof createMailLists>, reminders: number): Promise<void> {
  await eventually(
    'all mails are sent or in doubt',
    () => {
      const { planned = 0, finishing = 0 } = lists.counts();
      const mails = planned + finishing > 0 ? [] : [...lists.list('sent'), ...lists.list('in_doubt')];
      return mails.flatMap(({ mail_id }) => lists.certificationsOf(mail_id)).length >= reminders;
    },
    SETTLED_WITHIN_MS,
  );
}

/** How often the mail server has accepted each of them. */
function timesAccepted(accepted: readonly ReceivedMail[], certifications: readonly string[]): number[] {
  const texts = accepted.map(({ raw }) => raw.replace(/=\r\n/g, ''));
  return certifications.map((id) => texts.filter((text) => text.includes(`(${id})`)).length);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { openAddressBook } from './address-book.js';
import { consume } from './consume.js';
import { createDelivery } from './delivery.js';
import { createDoubts } from './doubts.js';
import { createInbox } from './inbox.js';
import { openJournal } from './open-journal.js';
import { createOutbox } from './outbox.js';
import { hasEnded, OWNER } from './owner.js';
import { sendMails } from './send-mails.js';
import { openSmtpSession } from './smtp-session.js';

/**
 * The reminders of a run come before its end only in `events`, whose key is the job for both; in `reminders` the key is the
 * mentor, and nothing tells when the last one has come.
 */
const TOPIC = { run: 'certification-cron.events', reminder: 'certification-cron.reminders' };
const PLAN_LATE_MS = 60_000;
/** For an answer that comes after the time allowed for it. */
const PATIENCE_MS = 60_000;

/**
 * Reads, plans and sends until `signal` aborts.
 * @param {import('./load-config.js').Config} config
 * @param {import('pino').Logger} logger
 * @param {AbortSignal} signal
 * @throws when it cannot go on: the process is to be started anew
 */
export async function serve(config, logger, signal) {
  const journal = openJournal(config.journalFile);
  const inbox = createInbox(journal, config);
  const doubts = createDoubts(journal, { hasEnded, patienceMs: config.smtp.timeoutMs + PATIENCE_MS });
  const outbox = createOutbox(journal, OWNER);
  const addressOf = openAddressBook(config.addressesFile);
  const openSession = () => openSmtpSession(config.smtp);
  const delivery = createDelivery({ outbox, addressOf, openSession, logger, config });
  const over = new AbortController();
  signal.addEventListener('abort', () => over.abort(), { once: true });

  /** @param {import('./inbox.js').PlacedMessage[]} messages */
  function take(messages) {
    const { told, aside } = inbox.take(messages, Date.now());
    for (const { message, reason } of aside) {
      const { topic, partition, offset } = message;
      logger.error({ topic, partition, offset, reason }, 'message set aside: it cannot be understood');
    }
    tell(told);
  }

  /** @param {ReturnType<typeof inbox.planLate>} told */
  function tell(told) {
    if (told.tooOld > 0) logger.error(told, 'mails set aside: their reminders are too old');
    if (told.waitedLong > 0) logger.warn(told, 'mails planned for runs whose end has not come');
    if (told.reminders + told.repeats + told.mails > 0) logger.info(told, 'messages taken');
  }

  async function planLate() {
    while (!over.signal.aborted) {
      tell(inbox.planLate(Date.now()));
      await sleep(PLAN_LATE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  function lookAround() {
    for (const { mail_id, mentor_id, run_id } of doubts.find(Date.now())) {
      logger.error({ mail_id, mentor_id, run_id }, 'mail in doubt: the server may have accepted it or not');
    }
    if (config.whenInDoubt === 'hold') return;
    for (const { mail_id, mentor_id, run_id } of doubts.sendAgain(Date.now())) {
      logger.warn({ mail_id, mentor_id, run_id }, 'mail in doubt is sent again, with the same Message-ID');
    }
  }

  logger.info({ journal: journal.id, owner: OWNER, mail_per: config.mailPer }, 'sender starts');
  const { kafka, journalSucceeds } = config;
  const running = [
    consume(
      { kafka, topic: TOPIC[config.mailPer], journalId: journal.id, journalSucceeds, take, logger },
      over.signal,
    ),
    sendMails({ outbox, delivery, lookAround }, over.signal),
    planLate(),
  ];
  try {
    await Promise.all(running);
  } finally {
    over.abort();
    await Promise.allSettled(running);
    journal.db.close();
  }
}

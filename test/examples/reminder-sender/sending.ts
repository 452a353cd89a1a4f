import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAddressBook } from '../../../examples/reminder-sender/src/address-book.js';
import { createDelivery } from '../../../examples/reminder-sender/src/delivery.js';
import { createDoubts } from '../../../examples/reminder-sender/src/doubts.js';
import { createInbox } from '../../../examples/reminder-sender/src/inbox.js';
import { createMailLists } from '../../../examples/reminder-sender/src/mail-lists.js';
import { openJournal } from '../../../examples/reminder-sender/src/open-journal.js';
import { createOutbox } from '../../../examples/reminder-sender/src/outbox.js';
import { sendMails } from '../../../examples/reminder-sender/src/send-mails.js';
import { openSmtpSession } from '../../../examples/reminder-sender/src/smtp-session.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { placed } from './placed.js';
import { reminderMessages, type AskedFor } from './reminder-messages.js';

const HOUR_MS = 3_600_000;

export const PEOPLE: Record<string, { name?: string; address: string }> = {
  ann: { name: 'Ann', address: 'ann@example.com' },
  bob: { address: 'bob@example.com' },
};

/** The sender in this process, without Kafka: what is asked for is sent to the mail server at the port. */
export function givenSender(
  port: number,
  { tls = 'none', people = PEOPLE }: { tls?: 'none' | 'starttls'; people?: typeof PEOPLE } = {},
) {
  const addressesFile = join(temporaryFolder(), 'addresses.json');
  writeFileSync(addressesFile, JSON.stringify(people));
  const journal = openJournal(join(temporaryFolder(), 'journal.db'));
  const inbox = createInbox(journal, { mailPer: 'reminder', maxAgeMs: HOUR_MS, digestWaitMs: HOUR_MS });
  const lists = createMailLists(journal);
  const doubts = createDoubts(journal, { hasEnded: () => false, patienceMs: HOUR_MS });
  const logger = createCollectingLogger();
  const over = new AbortController();
  const outbox = createOutbox(journal, '["this host",1,"this process"]');
  let running = Promise.resolve();
  return {
    journal,
    lists,
    doubts,
    outbox,
    lines: logger.lines as readonly LogLine[],
    ask(asked: Partial<AskedFor> = {}) {
      inbox.take(
        [placed(reminderMessages({ certification: 'cert-1', mentor: 'ann', run: 'run-1', ...asked }))],
        Date.now(),
      );
    },
    start() {
      const delivery = createDelivery({
        outbox,
        addressOf: openAddressBook(addressesFile),
        openSession: () =>
          openSmtpSession({ host: '127.0.0.1', port, tls, login: undefined, timeoutMs: 2_000 }),
        logger: logger as never,
        config: {
          from: { whole: 'Reminders <from@example.com>', address: 'from@example.com', domain: 'example.com' },
          retryMs: 100,
          giveUpMs: HOUR_MS,
        },
      });
      running = sendMails({ outbox, delivery, lookAround: () => undefined }, over.signal);
    },
    /** Waits until so many mails are in this state. */
    until: (state: 'sent' | 'in_doubt' | 'set_aside', count = 1) =>
      eventually(`${count} ${state}`, () => lists.list(state).length === count && lists.list(state)),
    untilLogged: (text: string) =>
      eventually(text, () => logger.lines.some(({ message }) => message === text)),
    writePeople: (text: string) => writeFileSync(addressesFile, text),
    async stop() {
      over.abort();
      await running;
      journal.db.close();
    },
  };
}

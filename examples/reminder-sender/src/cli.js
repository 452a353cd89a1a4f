#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { messageIdOf } from './compose-mail.js';
import { ConfigError, loadConfig } from './load-config.js';
import { createMailLists } from './mail-lists.js';
import { openJournal } from './open-journal.js';
import { serve } from './serve.js';

const USAGE = `serve                  reads reminders and sends mails
counts                 how many mails are in each state
list STATE             planned, finishing, sent, in_doubt or set_aside; a line of JSON each
messages               those that could not be understood; a line of JSON each
resolve ID sent        of a mail in doubt: the server has accepted it
resolve ID unsent      of a mail in doubt: it has not, send it
retry ID...            sends mails that were set aside
`;
/** @type {readonly import('./outbox.js').MailState[]} */
const STATES = ['planned', 'finishing', 'sent', 'in_doubt', 'set_aside'];

/** @param {unknown} value */
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** @param {string} message @returns {never} */
function refuse(message) {
  throw new ConfigError(message);
}

/** @param {string | undefined} state @returns {import('./outbox.js').MailState} */
const stateOf = (state) =>
  STATES.find((one) => one === state) ?? refuse(`list needs one of ${STATES.join(', ')}`);

/** @param {number | null} at */
const instant = (at) => (at === null ? null : new Date(at).toISOString());

/** @param {readonly string[]} words */
async function run([command, ...words]) {
  const config = loadConfig(process.env);
  if (command === 'serve') {
    const over = new AbortController();
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT']))
      process.once(signal, () => over.abort());
    const logger = pino({ level: config.logLevel });
    await serve(config, logger, over.signal).catch((/** @type {unknown} */ error) => {
      logger.fatal({ err: error }, 'sender cannot go on');
      process.exitCode = 1;
    });
    // kafkajs may leave timers behind.
    setTimeout(() => process.exit(), 2_000).unref();
    return;
  }
  const lists = createMailLists(openJournal(config.journalFile));
  switch (command) {
    case 'counts':
      print(lists.counts());
      return;
    case 'list':
      for (const { mail_id, mentor_id, run_id, state, failures, reason, ...at } of lists.list(
        stateOf(words[0]),
      )) {
        print({
          mail_id,
          message_id: messageIdOf(mail_id, config.from.domain),
          state,
          mentor_id,
          run_id,
          certification_ids: lists.certificationsOf(mail_id),
          failures,
          reason,
          planned_at: instant(at.planned_at),
          finishing_at: instant(at.finishing_at),
          sent_at: instant(at.sent_at),
        });
      }
      return;
    case 'messages':
      for (const { aside_at, ...message } of lists.messagesAside())
        print({ ...message, aside_at: instant(aside_at) });
      return;
    case 'resolve': {
      const [id = '', truth] = words;
      if (truth !== 'sent' && truth !== 'unsent')
        refuse('resolve needs the id of a mail, and sent or unsent');
      if (!lists.resolve(id, truth, Date.now())) refuse(`${id} is no mail in doubt`);
      print({ resolved: id, as: truth });
      return;
    }
    case 'retry':
      if (words.length === 0) refuse('retry needs the ids of mails');
      for (const id of words) {
        if (!lists.retry(id, Date.now())) refuse(`${id} is no mail that was set aside`);
        print({ retried: id });
      }
      return;
    default:
      refuse(`unknown command; there are:\n${USAGE}`);
  }
}

try {
  const { positionals } = parseArgs({ allowPositionals: true });
  await run(positionals);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 78 : 1;
}

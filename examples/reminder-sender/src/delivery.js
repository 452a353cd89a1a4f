import { composeMail } from './compose-mail.js';
import { outcomeOf } from './outcome-of.js';

/** @typedef {import('./outbox.js').Mail} Mail */
/** @typedef {import('./smtp-session.js').SmtpSession} SmtpSession */

const LONGEST_PAUSE_MS = 3_600_000;
const NO_SERVER = { firstMs: 500, longestMs: 60_000 };

/**
 * Sends single mails over one session, which it opens when it is needed, and records what becomes of each.
 * @param {object} parts
 * @param {ReturnType<typeof import('./outbox.js').createOutbox>} parts.outbox
 * @param {import('./address-book.js').AddressOf} parts.addressOf
 * @param {() => Promise<SmtpSession>} parts.openSession
 * @param {import('pino').Logger} parts.logger
 * @param {Pick<import('./load-config.js').Config, 'from' | 'retryMs' | 'giveUpMs'>} parts.config
 */
export function createDelivery({ outbox, addressOf, openSession, logger, config }) {
  /** @type {SmtpSession | undefined} */
  let session;
  let inVain = 0;
  let resumeAt = 0;

  function hangUp() {
    session?.close();
    session = undefined;
  }

  /** @param {Mail} mail @param {import('./outcome-of.js').Outcome} outcome */
  function record(mail, { kind, reason }) {
    const { mail_id, mentor_id, run_id, failures, planned_at } = mail;
    const now = Date.now();
    const about = { mail_id, mentor_id, run_id, reason };
    if (kind === 'in doubt') {
      outbox.inDoubt(mail_id, reason);
      logger.error(about, 'mail in doubt: the server may have accepted it or not');
    } else if (kind === 'never' || (kind === 'later' && now - planned_at > config.giveUpMs)) {
      outbox.setAside(mail_id, reason);
      logger.error(about, 'mail set aside: it cannot be sent');
    } else if (kind === 'later') {
      const pauseMs = Math.min(config.retryMs * 2 ** failures, LONGEST_PAUSE_MS);
      outbox.failed(mail_id, reason, now + pauseMs);
      logger.warn({ ...about, pause_ms: pauseMs }, 'mail put off by the server');
    } else {
      const pauseMs = Math.min(NO_SERVER.firstMs * 2 ** inVain++, NO_SERVER.longestMs);
      resumeAt = now + pauseMs;
      outbox.putBack(mail_id, reason, resumeAt);
      logger.warn({ ...about, pause_ms: pauseMs }, 'no mail can be sent now; trying again after a pause');
    }
  }

  /** @param {Mail} mail @param {() => void} beforeDot @returns {Promise<string>} what the server has answered */
  async function send(mail, beforeDot) {
    const recipient = await addressOf(mail.mentor_id);
    if (recipient === undefined) throw new NoAddressError(`no address for ${mail.mentor_id}`);
    const raw = await composeMail(mail, config.from, recipient, outbox.remindersOf(mail.mail_id));
    session ??= await openSession();
    return session.send({ from: config.from.address, to: recipient.address, raw, beforeDot });
  }

  return {
    hangUp,

    /** Milliseconds since 1970: no mail can be sent before. */
    resumeAt: () => resumeAt,

    /**
     * @param {Mail} mail that this process has claimed
     * @throws what the journal throws: what was done and cannot be recorded must not be gone on from
     */
    async deliver(mail) {
      const { mail_id, mentor_id, run_id } = mail;
      const dot = { isRecorded: false, isRefused: false };
      let answer;
      try {
        answer = await send(mail, () => {
          dot.isRecorded = outbox.finish(mail_id, Date.now());
          dot.isRefused = !dot.isRecorded;
          if (dot.isRefused) throw new Error('another process has this mail');
        });
      } catch (error) {
        if (error instanceof NoAddressError) {
          record(mail, { kind: 'never', reason: error.message });
          return;
        }
        hangUp();
        if (!dot.isRefused) record(mail, outcomeOf(error, dot.isRecorded));
        return;
      }
      outbox.sent(mail_id, answer, Date.now());
      inVain = 0;
      logger.info({ mail_id, mentor_id, run_id, answer }, 'mail sent');
    },
  };
}

class NoAddressError extends Error {
  name = 'NoAddressError';
}

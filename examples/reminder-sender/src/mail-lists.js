/** @typedef {import('./outbox.js').Mail} Mail */
/** @typedef {{ topic: string, partition: number, offset: string, reason: string, aside_at: number }} MessageAside */

/**
 * What a person looks at and decides, while senders run or not.
 * @param {import('./open-journal.js').Journal} journal
 */
export function createMailLists({ db }) {
  const all = db.prepare('SELECT * FROM mails WHERE state = ? ORDER BY planned_at, mail_id');
  const counts = db.prepare('SELECT state, COUNT(*) AS count FROM mails GROUP BY state');
  const aside = db.prepare(
    'SELECT topic, partition, "offset", reason, aside_at FROM messages_aside ORDER BY topic, partition, aside_at',
  );
  const certifications = db
    .prepare('SELECT certification_id FROM reminders WHERE mail_id = ? ORDER BY 1')
    .pluck();
  const asSent = db.prepare(
    "UPDATE mails SET state = 'sent', sent_at = :now, reason = 'resolved by hand' WHERE mail_id = :mail_id AND state = 'in_doubt'",
  );
  const asUnsent = db.prepare(
    `UPDATE mails SET state = 'planned', owner = NULL, not_before = :now, reason = 'resolved by hand'
     WHERE mail_id = :mail_id AND state = 'in_doubt'`,
  );
  const retry = db.prepare(
    `UPDATE mails SET state = 'planned', owner = NULL, failures = 0, planned_at = :now, not_before = :now
     WHERE mail_id = :mail_id AND state = 'set_aside'`,
  );

  return {
    /** How many mails are in each state. @returns {Record<string, number>} */
    counts: () =>
      Object.fromEntries(
        /** @type {{ state: string, count: number }[]} */ (counts.all()).map(({ state, count }) => [
          state,
          count,
        ]),
      ),
    /** @param {import('./outbox.js').MailState} state */
    list: (state) => /** @type {Mail[]} */ (all.all(state)),
    /** @param {string} mail_id */
    certificationsOf: (mail_id) => /** @type {string[]} */ (certifications.all(mail_id)),
    /** Messages that nobody could understand. */
    messagesAside: () => /** @type {MessageAside[]} */ (aside.all()),
    /**
     * Of a mail in doubt: the server has accepted it, or has not and it is sent.
     * @param {string} mail_id @param {'sent' | 'unsent'} truth @param {number} now
     * @returns {boolean} whether it was in doubt
     */
    resolve: (mail_id, truth, now) =>
      (truth === 'sent' ? asSent : asUnsent).run({ mail_id, now }).changes === 1,
    /** Sends a mail that was set aside. @param {string} mail_id @param {number} now @returns {boolean} whether it was */
    retry: (mail_id, now) => retry.run({ mail_id, now }).changes === 1,
  };
}

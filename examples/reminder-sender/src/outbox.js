/** @typedef {import('./read-message.js').Reminder} Reminder */
/** @typedef {'planned' | 'finishing' | 'sent' | 'in_doubt' | 'set_aside'} MailState */
/**
 * @typedef {object} Mail a row of `mails`
 * @property {string} mail_id
 * @property {string} mentor_id
 * @property {string} run_id
 * @property {MailState} state
 * @property {number} planned_at milliseconds since 1970, like the others
 * @property {number} not_before
 * @property {string | null} owner
 * @property {number} failures
 * @property {number | null} finishing_at
 * @property {number | null} sent_at
 * @property {string | null} reason
 */

/**
 * The mails of the journal, as one process sends them. Several may: what decides is `finish`, which one of them gets.
 * @param {import('./open-journal.js').Journal} journal
 * @param {string} owner this process
 */
export function createOutbox({ db }, owner) {
  const claim = db.prepare(
    `UPDATE mails SET owner = :owner, not_before = :until WHERE mail_id =
       (SELECT mail_id FROM mails WHERE state = 'planned' AND not_before <= :now ORDER BY not_before, mail_id LIMIT 1)
     RETURNING *`,
  );
  const reminders = db.prepare('SELECT data FROM reminders WHERE mail_id = ?').pluck();
  const finish = db.prepare(
    `UPDATE mails SET state = 'finishing', finishing_at = :now, reason = NULL
     WHERE mail_id = :mail_id AND state = 'planned' AND owner = :owner`,
  );
  const sent = db.prepare(
    "UPDATE mails SET state = 'sent', sent_at = :now, reason = :reason WHERE mail_id = :mail_id",
  );
  const failed = db.prepare(
    `UPDATE mails SET state = 'planned', owner = NULL, failures = failures + 1, not_before = :until, reason = :reason
     WHERE mail_id = :mail_id AND state IN ('planned', 'finishing') AND owner = :owner`,
  );
  const putBack = db.prepare(
    `UPDATE mails SET owner = NULL, not_before = :until, reason = :reason
     WHERE mail_id = :mail_id AND state = 'planned' AND owner = :owner`,
  );
  const setAside = db.prepare(
    `UPDATE mails SET state = 'set_aside', owner = NULL, reason = :reason
     WHERE mail_id = :mail_id AND state IN ('planned', 'finishing') AND owner = :owner`,
  );
  const inDoubt = db.prepare(
    `UPDATE mails SET state = 'in_doubt', reason = :reason
     WHERE mail_id = :mail_id AND state = 'finishing' AND owner = :owner`,
  );

  return {
    /**
     * A mail that is due. Until `now + forMs` nobody else begins with it; afterwards somebody may, as when this process
     * has died.
     * @param {number} now @param {number} forMs
     * @returns {Mail | undefined}
     */
    claim: (now, forMs) => /** @type {Mail | undefined} */ (claim.get({ owner, now, until: now + forMs })),

    /** Soonest expiry first. @param {string} mail_id @returns {Reminder[]} */
    remindersOf: (mail_id) =>
      /** @type {string[]} */ (reminders.all(mail_id))
        .map((data) => /** @type {Reminder} */ (JSON.parse(data)))
        .sort((a, b) => a.days_left - b.days_left || (a.certification_id < b.certification_id ? -1 : 1)),

    /**
     * Right before the dot that ends the message, and durable when it returns.
     * @param {string} mail_id @param {number} now
     * @returns {boolean} false: another process has the mail, and the dot must not be sent
     */
    finish: (mail_id, now) => finish.run({ mail_id, owner, now }).changes === 1,

    /** The server has accepted it: a fact, whatever was thought of it meanwhile. @param {string} mail_id @param {string} reason @param {number} now */
    sent: (mail_id, reason, now) => sent.run({ mail_id, reason, now }),

    /** The server has not accepted it, and may later. @param {string} mail_id @param {string} reason @param {number} until */
    failed: (mail_id, reason, until) => failed.run({ mail_id, owner, reason, until }),

    /** It is nothing about this mail, such as a server that cannot be reached. @param {string} mail_id @param {string} reason @param {number} until */
    putBack: (mail_id, reason, until) => putBack.run({ mail_id, owner, reason, until }),

    /** The server will never accept it. @param {string} mail_id @param {string} reason */
    setAside: (mail_id, reason) => setAside.run({ mail_id, owner, reason }),

    /** Nobody knows whether the server has accepted it. @param {string} mail_id @param {string} reason */
    inDoubt: (mail_id, reason) => inDoubt.run({ mail_id, owner, reason }),
  };
}

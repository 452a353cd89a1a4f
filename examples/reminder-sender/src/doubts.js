/** @typedef {import('./outbox.js').Mail} Mail */

/**
 * What a process that has ended leaves behind. A planned mail of it is free at once. One that was finishing is in doubt: the server may
 * have accepted it or not.
 * @param {import('./open-journal.js').Journal} journal
 * @param {{ hasEnded: (owner: string) => boolean, patienceMs: number }} rules patience: after so long no process can
 *   still be waiting for the server's answer
 */
export function createDoubts({ db }, { hasEnded, patienceMs }) {
  const owned = db.prepare(
    "SELECT * FROM mails WHERE state IN ('planned', 'finishing') AND owner IS NOT NULL",
  );
  const free = db.prepare(
    "UPDATE mails SET owner = NULL, not_before = ? WHERE mail_id = ? AND state = 'planned' AND owner = ?",
  );
  const doubt = db.prepare(
    `UPDATE mails SET state = 'in_doubt', reason = 'the sender ended, or lost the connection, before the answer'
     WHERE mail_id = ? AND state = 'finishing' AND owner = ?`,
  );
  const again = db.prepare(
    "UPDATE mails SET state = 'planned', owner = NULL, not_before = ? WHERE state = 'in_doubt' RETURNING *",
  );

  const find = db.transaction((/** @type {number} */ now) => {
    /** @type {Mail[]} */
    const found = [];
    for (const mail of /** @type {(Mail & { owner: string })[]} */ (owned.all())) {
      const { mail_id, owner, finishing_at } = mail;
      const isOver = hasEnded(owner);
      if (mail.state === 'planned') {
        if (isOver) free.run(now, mail_id, owner);
      } else if (isOver || (finishing_at ?? now) <= now - patienceMs) {
        if (doubt.run(mail_id, owner).changes === 1) found.push(mail);
      }
    }
    return found;
  });

  return {
    /** Those that are in doubt from now on. @param {number} now */
    find: (now) => find.immediate(now),

    /** Plans all that are in doubt: they may come twice, with the same Message-ID. @param {number} now */
    sendAgain: (now) => /** @type {Mail[]} */ (again.all(now)),
  };
}

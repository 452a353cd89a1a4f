import { createHash } from 'node:crypto';
import { BadMessageError, readMessage } from './read-message.js';

/**
 * @typedef {import('./read-message.js').Message & { topic: string, partition: number, offset: string }} PlacedMessage
 * @typedef {{ event_id: string, data: string }} Waiting a row of `reminders` that no mail has yet
 */

/** What became of some messages. */
const NOTHING = { reminders: 0, repeats: 0, mails: 0, tooOld: 0, waitedLong: 0 };

/**
 * Takes messages into the journal and plans mails. Any message may come again, in any order, and to several processes.
 * @param {import('./open-journal.js').Journal} journal
 * @param {{ mailPer: 'run' | 'reminder', maxAgeMs: number, digestWaitMs: number }} rules
 */
export function createInbox({ db }, { mailPer, maxAgeMs, digestWaitMs }) {
  const insertReminder = db.prepare(
    `INSERT INTO reminders
     SELECT :event_id, :certification_id, :expires_at, :threshold_days, :run_id, :mentor_id, :data, :now,
       EXISTS (SELECT 1 FROM reminders WHERE certification_id = :certification_id AND expires_at = :expires_at
         AND threshold_days = :threshold_days AND is_repeat = 0), NULL
     WHERE TRUE ON CONFLICT (event_id) DO NOTHING RETURNING is_repeat`,
  );
  const closeRun = db.prepare('INSERT INTO runs VALUES (?, ?) ON CONFLICT DO NOTHING');
  const isClosed = db.prepare('SELECT 1 FROM runs WHERE run_id = ?').pluck();
  const waitingLong = db
    .prepare(
      `SELECT run_id FROM reminders WHERE is_repeat = 0 AND mail_id IS NULL
       GROUP BY run_id HAVING MAX(taken_at) <= ?`,
    )
    .pluck();
  const waitingOf = db.prepare(
    `SELECT mentor_id, event_id, data FROM reminders WHERE is_repeat = 0 AND mail_id IS NULL AND run_id = ?`,
  );
  const insertAside = db.prepare(
    'INSERT INTO messages_aside VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const mailsBefore = db.prepare('SELECT COUNT(*) FROM mails WHERE run_id = ? AND mentor_id = ?').pluck();
  const insertMail = db.prepare(
    `INSERT INTO mails (mail_id, mentor_id, run_id, state, planned_at, not_before, reason)
     VALUES (:mail_id, :mentor_id, :run_id, :state, :now, :now, :reason)`,
  );
  const setMail = db.prepare('UPDATE reminders SET mail_id = ? WHERE event_id = ?');

  /** @param {PlacedMessage} message @param {number} now */
  function takeOne(message, now) {
    const read = readMessage(message);
    const { kind } = read;
    if (kind === 'other') return { kind, isRepeat: false, run_id: undefined };
    if (kind === 'run completed') {
      closeRun.run(read.runId, now);
      return { kind, isRepeat: false, run_id: read.runId };
    }
    const { certification_id, expires_at, threshold_days, run_id, mentor_id } = read.reminder;
    const key = { certification_id, expires_at, threshold_days };
    const data = JSON.stringify(read.reminder);
    const row = insertReminder.get({ event_id: read.eventId, ...key, run_id, mentor_id, data, now });
    const isNew = /** @type {{ is_repeat: number } | undefined} */ (row)?.is_repeat === 0;
    return { kind, isRepeat: !isNew, run_id: isNew ? run_id : undefined };
  }

  /** @param {PlacedMessage} message @param {string} reason @param {number} now */
  function setAside({ topic, partition, offset, key, headers, value }, reason, now) {
    const texts = Object.entries(headers ?? {}).map(([name, content]) => [name, String(content)]);
    insertAside.run(
      topic,
      partition,
      offset,
      key,
      JSON.stringify(Object.fromEntries(texts)),
      value,
      reason,
      now,
    );
  }

  /** The reminders of each mail that can be planned for a run. @param {string} run_id */
  function mailsOf(run_id) {
    const rows = /** @type {(Waiting & { mentor_id: string })[]} */ (waitingOf.all(run_id));
    if (mailPer === 'reminder') return rows.map(({ mentor_id, ...row }) => ({ mentor_id, reminders: [row] }));
    if (isClosed.get(run_id) === undefined) return [];
    /** @type {Map<string, Waiting[]>} */
    const byMentor = new Map();
    for (const { mentor_id, ...row } of rows) {
      const reminders = byMentor.get(mentor_id);
      if (reminders === undefined) byMentor.set(mentor_id, [row]);
      else reminders.push(row);
    }
    return [...byMentor].map(([mentor_id, reminders]) => ({ mentor_id, reminders }));
  }

  /** @param {string} run_id @param {number} now */
  function planMails(run_id, now) {
    const counts = { mails: 0, tooOld: 0 };
    for (const { mentor_id, reminders } of mailsOf(run_id)) {
      const asked = reminders.map(
        ({ data }) => /** @type {import('./read-message.js').Reminder} */ (JSON.parse(data)),
      );
      const newest = Math.max(...asked.map(({ requested_at }) => Date.parse(requested_at)));
      const isOld = newest < now - maxAgeMs;
      const reason = isOld ? `too old: asked for at ${new Date(newest).toISOString()}` : null;
      const mail_id =
        mailPer === 'run'
          ? idOf('run', run_id, mentor_id, mailsBefore.get(run_id, mentor_id))
          : idOf('reminder', asked[0]?.certification_id, asked[0]?.expires_at, asked[0]?.threshold_days);
      insertMail.run({ mail_id, mentor_id, run_id, state: isOld ? 'set_aside' : 'planned', now, reason });
      for (const { event_id } of reminders) setMail.run(mail_id, event_id);
      counts[isOld ? 'tooOld' : 'mails']++;
    }
    return counts;
  }

  const take = db.transaction(
    (/** @type {readonly PlacedMessage[]} */ messages, /** @type {number} */ now) => {
      const told = { ...NOTHING };
      /** @type {{ message: PlacedMessage, reason: string }[]} */
      const aside = [];
      /** @type {Set<string>} */
      const runs = new Set();
      for (const message of messages) {
        try {
          const { kind, isRepeat, run_id } = takeOne(message, now);
          if (run_id !== undefined) runs.add(run_id);
          if (kind === 'reminder') told[isRepeat ? 'repeats' : 'reminders']++;
        } catch (error) {
          if (!(error instanceof BadMessageError)) throw error;
          setAside(message, error.message, now);
          aside.push({ message, reason: error.message });
        }
      }
      for (const run_id of runs) add(told, planMails(run_id, now));
      return { told, aside };
    },
  );

  const planLate = db.transaction((/** @type {number} */ now) => {
    const told = { ...NOTHING };
    for (const run_id of /** @type {string[]} */ (waitingLong.all(now - digestWaitMs))) {
      closeRun.run(run_id, now);
      add(told, planMails(run_id, now));
      told.waitedLong++;
    }
    return told;
  });

  return {
    /**
     * In one transaction: when it returns, the offsets of the messages may be committed.
     * @param {readonly PlacedMessage[]} messages @param {number} now
     */
    take: (messages, now) => take.immediate(messages, now),

    /** Plans the mails of runs whose end has not come for long: of a log that was restored it may never. @param {number} now */
    planLate: (now) => planLate.immediate(now),
  };
}

/** @param {typeof NOTHING} told @param {{ mails: number, tooOld: number }} counts */
function add(told, { mails, tooOld }) {
  told.mails += mails;
  told.tooOld += tooOld;
}

/** The same for the same mail, also in another journal: its Message-ID is made of it. @param {...unknown} parts */
function idOf(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

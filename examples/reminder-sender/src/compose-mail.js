import MailComposer from 'nodemailer/lib/mail-composer';
import { oneLine, renderMail } from './render-mail.js';

/**
 * A mail as it goes over the wire. The Message-ID is that of the mail in the journal, also when it is sent again.
 * @param {{ mail_id: string, planned_at: number }} mail
 * @param {{ whole: string, domain: string }} from
 * @param {import('./address-book.js').Recipient} recipient
 * @param {readonly import('./read-message.js').Reminder[]} reminders
 * @returns {Promise<Buffer>}
 */
export function composeMail({ mail_id, planned_at }, from, recipient, reminders) {
  const { subject, text, html } = renderMail(recipient, reminders);
  const composer = new MailComposer({
    from: from.whole,
    to: { name: oneLine(recipient.name), address: recipient.address },
    subject,
    text,
    html,
    messageId: messageIdOf(mail_id, from.domain),
    date: new Date(planned_at),
    // So that no holiday notice answers (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Promise((resolve, reject) => {
    composer.compile().build((error, message) => {
      if (error) reject(error);
      else resolve(/** @type {Buffer} */ (message));
    });
  });
}

/** @param {string} mail_id @param {string} domain */
export function messageIdOf(mail_id, domain) {
  return `<${mail_id}@${domain}>`;
}

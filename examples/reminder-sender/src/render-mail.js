/** @typedef {import('./read-message.js').Reminder} Reminder */

/**
 * The words of a mail about one certification or several. HTML is escaped, line ends and the like are taken out.
 * @param {{ name: string }} recipient
 * @param {readonly Reminder[]} reminders at least one
 * @returns {{ subject: string, text: string, html: string }}
 */
export function renderMail({ name }, reminders) {
  const [first] = reminders;
  const subject =
    reminders.length === 1 && first !== undefined
      ? `Your certification ${titleOf(first)} ${whenOf(first)}`
      : `${reminders.length} of your certifications need your attention`;
  const greeting = name === '' ? 'Hello,' : `Hello ${oneLine(name)},`;
  const lines = reminders.map((reminder) => `${titleOf(reminder)} ${whenOf(reminder)}`);
  const closing = 'If you have renewed already, you need not do anything.';
  return {
    subject,
    text: [greeting, '', ...lines.map((line) => `- ${line}`), '', closing, ''].join('\n'),
    html: [
      `<p>${escapeHtml(greeting)}</p>`,
      `<ul>\n${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n')}\n</ul>`,
      `<p>${escapeHtml(closing)}</p>\n`,
    ].join('\n'),
  };
}

/** @param {Reminder} reminder */
function titleOf({ type, certification_id }) {
  return oneLine(type === null ? certification_id : `${type} (${certification_id})`);
}

/** @param {Reminder} reminder */
function whenOf({ days_left, expires_at }) {
  const day = expires_at.slice(0, 'YYYY-MM-DD'.length);
  if (days_left === 0) return `expires today, ${day}`;
  const days = Math.abs(days_left) === 1 ? '1 day' : `${Math.abs(days_left)} days`;
  return days_left > 0 ? `expires in ${days}, on ${day}` : `expired ${days} ago, on ${day}`;
}

/** Without control characters and line ends, of which names from elsewhere may have any. @param {string} text */
export function oneLine(text) {
  return text.replace(/[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}]+/gu, ' ').trim();
}

/** @param {string} text */
function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

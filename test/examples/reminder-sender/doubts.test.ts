import { describe, expect, it } from '@jest/globals';
import { createDoubts } from '../../../examples/reminder-sender/src/doubts.js';
import { createInbox } from '../../../examples/reminder-sender/src/inbox.js';
import { createMailLists } from '../../../examples/reminder-sender/src/mail-lists.js';
import { openJournal } from '../../../examples/reminder-sender/src/open-journal.js';
import { createOutbox } from '../../../examples/reminder-sender/src/outbox.js';
import { hasEnded, OWNER } from '../../../examples/reminder-sender/src/owner.js';
import { placed } from './placed.js';
import { reminderMessages } from './reminder-messages.js';

const NOW = 1_764_000_000_000;
const PATIENCE_MS = 660_000;

function given(dead: readonly string[] = []) {
  const journal = openJournal(':memory:');
  const rules = { mailPer: 'reminder', maxAgeMs: 1e15, digestWaitMs: 1e15 } as const;
  const asked = { certification: 'cert-1', mentor: 'ann', run: 'run-1' };
  createInbox(journal, rules).take([placed(reminderMessages(asked))], NOW);
  const { mail_id } = createMailLists(journal).list('planned')[0] ?? { mail_id: '' };
  const doubts = createDoubts(journal, {
    hasEnded: (owner) => dead.includes(owner),
    patienceMs: PATIENCE_MS,
  });
  const state = (): string => journal.db.prepare<[], string>('SELECT state FROM mails').pluck().get() ?? '';
  return { doubts, mail_id, state, one: createOutbox(journal, 'one'), two: createOutbox(journal, 'two') };
}

describe('a mail that a process has begun', () => {
  it('is nobody else’s for a while, and then another’s: then the first one sends no dot', () => {
    const { mail_id, one, state, two } = given();
    expect(one.claim(NOW, 60_000)?.mail_id).toBe(mail_id);
    expect(two.claim(NOW + 59_999, 60_000)).toBeUndefined();
    expect(two.claim(NOW + 60_000, 60_000)?.mail_id).toBe(mail_id);
    expect(one.finish(mail_id, NOW)).toBe(false);
    one.failed(mail_id, 'too late', NOW);
    one.setAside(mail_id, 'too late');
    expect(two.finish(mail_id, NOW)).toBe(true);
    expect(two.finish(mail_id, NOW)).toBe(false);
    one.inDoubt(mail_id, 'too late');
    expect(state()).toBe('finishing');
  });

  it('is free at once when the process has ended before the dot', () => {
    const { doubts, mail_id, one, two } = given(['one']);
    one.claim(NOW, 60_000);
    expect(doubts.find(NOW)).toEqual([]);
    expect(two.claim(NOW, 60_000)?.mail_id).toBe(mail_id);
  });

  it('is in doubt when the process has ended after the mark, and told once', () => {
    const { doubts, mail_id, one, state, two } = given(['one']);
    one.claim(NOW, 60_000);
    one.finish(mail_id, NOW);
    expect(doubts.find(NOW).map((mail) => mail.mail_id)).toEqual([mail_id]);
    expect(doubts.find(NOW)).toEqual([]);
    expect(state()).toBe('in_doubt');
    expect(two.claim(NOW + 1e12, 60_000)).toBeUndefined();
  });

  it('is in doubt when the answer has not come for longer than anybody waits, and a late one is taken for true', () => {
    const { doubts, mail_id, one, state } = given();
    one.claim(NOW, 60_000);
    one.finish(mail_id, NOW);
    expect(doubts.find(NOW + PATIENCE_MS - 1)).toEqual([]);
    expect(doubts.find(NOW + PATIENCE_MS)).toHaveLength(1);
    one.sent(mail_id, '250 queued', NOW + PATIENCE_MS);
    expect(state()).toBe('sent');
    expect(doubts.sendAgain(NOW)).toEqual([]);
  });
});

describe('a process', () => {
  const other = (change: (owner: [string, number, string]) => void): string => {
    const owner = JSON.parse(OWNER) as [string, number, string];
    change(owner);
    return JSON.stringify(owner);
  };

  it('has ended when its number is free, or this one’s; on another host nobody knows', () => {
    expect(hasEnded(OWNER)).toBe(false);
    expect(hasEnded(other((owner) => (owner[2] = 'before')))).toBe(true);
    expect(hasEnded(other((owner) => (owner[1] = 2 ** 22 + 1)))).toBe(true);
    expect(hasEnded(other((owner) => (owner[1] = process.ppid)))).toBe(false);
    expect(hasEnded(other((owner) => (owner[0] = 'elsewhere')))).toBe(false);
  });
});

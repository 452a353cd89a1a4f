import { describe, expect, it } from '@jest/globals';
import { createInbox, type PlacedMessage } from '../../../examples/reminder-sender/src/inbox.js';
import { createMailLists } from '../../../examples/reminder-sender/src/mail-lists.js';
import { openJournal } from '../../../examples/reminder-sender/src/open-journal.js';
import { placed } from './placed.js';
import { reminderMessages, runCompletedMessages, type AskedFor } from './reminder-messages.js';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-25T10:00:00Z');
const AT = new Date(NOW).toISOString();

function given(mailPer: 'run' | 'reminder') {
  const journal = openJournal(':memory:');
  const inbox = createInbox(journal, { mailPer, maxAgeMs: 72 * HOUR_MS, digestWaitMs: 48 * HOUR_MS });
  const lists = createMailLists(journal);
  const mails = () =>
    lists
      .list('planned')
      .map(({ mail_id, mentor_id }) => `${mentor_id}: ${lists.certificationsOf(mail_id).join()}`)
      .sort();
  return { inbox, lists, mails, take: (...messages: PlacedMessage[]) => inbox.take(messages, NOW) };
}

const asked = (certification: string, mentor: string, more: Partial<AskedFor> = {}): PlacedMessage =>
  placed(reminderMessages({ certification, mentor, run: 'run-1', requested_at: AT, ...more }));
const ended = (run = 'run-1', status: 'success' | 'failed' = 'success'): PlacedMessage =>
  placed(runCompletedMessages(run, status));

describe('a digest a mentor and run', () => {
  it('waits for the end of the run, and has all of the mentor', () => {
    const { mails, take } = given('run');
    take(asked('cert-1', 'ann'), asked('cert-2', 'bob'), asked('cert-3', 'ann'));
    expect(mails()).toEqual([]);
    take(ended());
    expect(mails()).toEqual(['ann: cert-1,cert-3', 'bob: cert-2']);
  });

  it.each(['success', 'failed'] as const)(
    'is made of what was asked for, also when the run has ended as %s',
    (status) => {
      const { mails, take } = given('run');
      take(asked('cert-1', 'ann'), ended('run-1', status));
      expect(mails()).toEqual(['ann: cert-1']);
    },
  );

  it('is none for a run that asks for nothing, such as a dry one', () => {
    const { mails, take } = given('run');
    take(ended());
    expect(mails()).toEqual([]);
  });

  it('comes once, however often the end of the run comes', () => {
    const { mails, take } = given('run');
    take(asked('cert-1', 'ann'), ended(), ended());
    take(ended());
    expect(mails()).toEqual(['ann: cert-1']);
  });

  it('is followed by one of what comes after the end', () => {
    const { mails, take } = given('run');
    take(asked('cert-1', 'ann'), ended());
    take(asked('cert-2', 'ann'), asked('cert-3', 'ann'));
    expect(mails()).toEqual(['ann: cert-1', 'ann: cert-2,cert-3']);
  });

  it('is not waited for for ever', () => {
    const { inbox, mails, take } = given('run');
    take(asked('cert-1', 'ann'));
    expect(inbox.planLate(NOW + 47 * HOUR_MS).mails).toBe(0);
    expect(inbox.planLate(NOW + 48 * HOUR_MS)).toMatchObject({ mails: 1, waitedLong: 1 });
    expect(mails()).toEqual(['ann: cert-1']);
    take(ended());
    expect(inbox.planLate(NOW + 100 * HOUR_MS).mails).toBe(0);
    expect(mails()).toEqual(['ann: cert-1']);
  });
});

describe('what comes again', () => {
  it('is told by the id of the event', () => {
    const { mails, take } = given('reminder');
    const message = asked('cert-1', 'ann', { eventId: 'event-1' });
    take(message, message);
    expect(take(message).told).toMatchObject({ mails: 0, repeats: 1 });
    expect(mails()).toEqual(['ann: cert-1']);
  });

  it('is told by certification, expiry and threshold, in whichever run', () => {
    const { mails, take } = given('reminder');
    const others = asked('cert-1', 'ann', { run: 'run-2' });
    expect(take(asked('cert-1', 'ann'), others).told).toMatchObject({ reminders: 1, mails: 1, repeats: 1 });
    take(asked('cert-1', 'ann', { threshold_days: 1 }), asked('cert-1', 'ann', { expires_at: '2027-12-02' }));
    expect(mails()).toEqual(['ann: cert-1', 'ann: cert-1', 'ann: cert-1']);
  });

  it('is told when it was published again, marked or not', () => {
    const { mails, take } = given('run');
    const message = asked('cert-1', 'ann', { eventId: 'event-1' });
    take(message, ended());
    const again = { ...message, headers: { ...message.headers, ce_republished: Buffer.from('true') } };
    expect(take(again, ended()).told).toMatchObject({ mails: 0, repeats: 1 });
    expect(mails()).toEqual(['ann: cert-1']);
  });

  it('gets the same id of a mail in another journal', () => {
    const idIn = (): string => {
      const { lists, take } = given('run');
      take(asked('cert-1', 'ann'), ended());
      return lists.list('planned')[0]?.mail_id ?? 'none';
    };
    expect(idIn()).toMatch(/^[0-9a-f]{32}$/);
    expect(idIn()).toBe(idIn());
  });
});

describe('what is too old', () => {
  it('is set aside with the reason, and can be sent all the same', () => {
    const { lists, mails, take } = given('reminder');
    const requested_at = new Date(NOW - 73 * HOUR_MS).toISOString();
    expect(take(asked('cert-1', 'ann', { requested_at })).told).toMatchObject({ mails: 0, tooOld: 1 });
    const [mail] = lists.list('set_aside');
    expect(mail?.reason).toBe(`too old: asked for at ${requested_at}`);
    expect(lists.retry(mail?.mail_id ?? '', NOW)).toBe(true);
    expect(mails()).toEqual(['ann: cert-1']);
  });
});

describe('a message that cannot be understood', () => {
  const good = (): PlacedMessage => asked('cert-1', 'ann');
  const bad: [string, (message: PlacedMessage) => Partial<PlacedMessage>, string][] = [
    ['no value', () => ({ value: null }), 'value is missing'],
    ['no JSON', () => ({ value: Buffer.from('{') }), 'value is no JSON in UTF-8'],
    ['no UTF-8', () => ({ value: Buffer.from([0xff]) }), 'value is no JSON in UTF-8'],
    [
      'another thing',
      () => ({ value: Buffer.from('[]') }),
      'value Invalid input: expected object, received array',
    ],
    ['no type', () => ({ headers: {} }), 'header ce_type is missing'],
    ['no id', ({ headers }) => ({ headers: { ...headers, ce_id: undefined } }), 'header ce_id is missing'],
    [
      'a cut event',
      ({ headers }) => ({ headers: { ...headers, ce_truncated: 'true', ce_logposition: '17' } }),
      'was cut to fit into its topic; the log has all of it at 17',
    ],
    [
      'wrong fields',
      ({ value }) => ({
        value: Buffer.from(
          JSON.stringify({ ...JSON.parse(String(value)), mentor_id: '', days_left: 1.5, expires_at: 'soon' }),
        ),
      }),
      'mentor_id must not be empty; expires_at must be a date or an instant; days_left must be a whole number',
    ],
  ];

  it.each(bad)('is set aside with the reason, and the next one is taken: %s', (_, change, reason) => {
    const { lists, mails, take } = given('reminder');
    const message = { ...good(), ...change(good()) };
    expect(take(message, asked('cert-2', 'bob')).aside).toEqual([{ message, reason }]);
    take(message);
    const { topic, partition, offset } = message;
    expect(lists.messagesAside()).toEqual([{ topic, partition, offset, reason, aside_at: NOW }]);
    expect(mails()).toEqual(['bob: cert-2']);
  });

  it('is none when it is of another type, whatever it says', () => {
    const { lists, take } = given('run');
    const other = { ...good(), headers: { ce_type: 'certification-cron.Unheard' }, value: Buffer.from('?') };
    expect(take(other).told.mails).toBe(0);
    expect(lists.messagesAside()).toEqual([]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { createOutbox } from '../../../examples/reminder-sender/src/outbox.js';
import { createGate } from '../../support/eventually.js';
import { givenSender, PEOPLE } from './sending.js';
import { startMailServer, type MailServerOptions } from './mail-server.js';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function given(options: MailServerOptions = {}, sending: Parameters<typeof givenSender>[1] = {}) {
  const server = await startMailServer(options);
  const sender = givenSender(server.port, sending);
  ends.push(
    () => server.close(),
    () => sender.stop(),
  );
  return { server, sender };
}

describe('a mail that is accepted', () => {
  it('has the words for people who read HTML and for those who do not, and is no invitation to answer', async () => {
    const { server, sender } = await given();
    sender.ask();
    sender.start();
    const [mail] = await sender.until('sent');
    const [{ raw, to, messageId } = { raw: '', to: '', messageId: '' }] = server.accepted();
    expect(to).toBe('ann@example.com');
    expect(messageId).toBe(`<${mail?.mail_id}@example.com>`);
    expect(raw).toContain('From: Reminders <from@example.com>');
    expect(raw).toContain('To: Ann <ann@example.com>');
    expect(raw).toContain('Subject: Your certification first-aid (cert-1) expires in 7 days, on');
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(raw).toContain('- first-aid (cert-1) expires in 7 days, on 2026-12-02');
    expect(raw).toContain('<li>first-aid (cert-1) expires in 7 days, on 2026-12-02</li>');
    expect(mail?.reason).toContain('250');
  });

  it('is one of many on a connection', async () => {
    const { server, sender } = await given();
    for (let at = 0; at < 50; at++) sender.ask({ certification: `cert-${at}` });
    sender.start();
    await sender.until('sent', 50);
    expect(new Set(server.accepted().map(({ messageId }) => messageId)).size).toBe(50);
    expect(server.received).toHaveLength(50);
  });

  it('cannot be given headers, recipients or HTML by what it tells', async () => {
    const people = {
      ...PEOPLE,
      eve: { name: 'Eve\r\nBcc: all@example.com\r\n\r\n<b>', address: 'eve@example.com' },
    };
    const { server, sender } = await given({}, { people });
    const type =
      'x\r\n.\r\nRCPT TO:<all@example.com>\r\nSubject: won\r\n\r\n<script>alert(1)</script>&\u2028"';
    sender.ask({ mentor: 'eve', certification: 'cert\r\nBcc: all@example.com', type });
    sender.start();
    await sender.until('sent');
    expect(server.received).toHaveLength(1);
    const [{ raw, to } = { raw: '', to: '' }] = server.accepted();
    expect(to).toBe('eve@example.com');
    const [head = ''] = raw.split('\r\n\r\n', 1);
    expect(head).not.toMatch(/^Bcc:/im);
    expect(head.match(/^Subject:/gim)).toHaveLength(1);
    expect(head).toMatch(/^To: .*<eve@example\.com>\r$/m);
    expect(head).not.toMatch(/=0[AD]/);
    const [, html = ''] = raw.split('Content-Type: text/html');
    expect(html.replace(/=\r\n/g, '')).toContain('&#60;script&#62;alert(1)&#60;/script&#62;&#38; &#34;');
    expect(html).not.toMatch(/<(script|b)>/);
  });
});

describe('a mail that is certainly not accepted', () => {
  it.each([
    ['at the recipient', { refuseRecipient: () => 550 }],
    ['after the dot', { verdict: () => 554 }],
  ])('is set aside when it is refused for good, with the reason: %s', async (_, options) => {
    const { server, sender } = await given(options);
    sender.ask();
    sender.start();
    const [mail] = await sender.until('set_aside');
    expect(mail?.reason).toMatch(/55[04] refused by the test/);
    expect(server.accepted()).toEqual([]);
    expect(sender.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'mail set aside: it cannot be sent',
    ]);
  });

  it.each(['recipient', 'dot'])('is sent later when it is refused for now: at the %s', async (where) => {
    let asked = 0;
    const refuse = (): boolean => asked++ < 2;
    const { server, sender } = await given(
      where === 'dot'
        ? { verdict: () => (refuse() ? 451 : 'accept') }
        : { refuseRecipient: () => (refuse() ? 452 : undefined) },
    );
    sender.ask();
    sender.start();
    const [mail] = await sender.until('sent');
    expect(mail?.failures).toBe(2);
    expect(server.accepted()).toHaveLength(1);
  });

  it('waits while there is no server, or one that refuses to talk, and is then sent', async () => {
    let talks = false;
    const { server, sender } = await given({ greeting: () => (talks ? undefined : 554) });
    sender.ask();
    sender.start();
    await sender.untilLogged('no mail can be sent now; trying again after a pause');
    talks = true;
    const [mail] = await sender.until('sent');
    expect(mail?.failures).toBe(0);
    expect(server.accepted()).toHaveLength(1);
  });

  it('waits for a server with TLS, where that is wanted', async () => {
    const { server, sender } = await given({}, { tls: 'starttls' });
    sender.ask();
    sender.start();
    await sender.untilLogged('no mail can be sent now; trying again after a pause');
    expect(server.received).toEqual([]);
    expect(sender.lists.list('planned')[0]?.reason).toMatch(/STARTTLS/i);
  });

  it('is set aside without an address, and sent when there is one', async () => {
    const { sender } = await given();
    sender.ask({ mentor: 'carol' });
    sender.start();
    const [mail] = await sender.until('set_aside');
    expect(mail?.reason).toBe('no address for carol');
    sender.writePeople(JSON.stringify({ carol: { address: 'carol@example.com' } }));
    sender.lists.retry(mail?.mail_id ?? '', Date.now());
    await sender.until('sent');
  });

  it('waits while the addresses cannot be read', async () => {
    const { sender } = await given();
    sender.writePeople('{"ann": {"address": "ann@example.com, all@example.com"}}');
    sender.ask();
    sender.start();
    await sender.untilLogged('no mail can be sent now; trying again after a pause');
    expect(sender.lists.list('planned')[0]?.reason).toContain('ann.address must be an e-mail address');
    sender.writePeople(JSON.stringify(PEOPLE));
    await sender.until('sent');
  });
});

describe('a mail in doubt', () => {
  it.each(['accept and hang up', 'hang up', 421] as const)(
    'is held and told when the server does this after the dot: %s',
    async (verdict) => {
      const { server, sender } = await given({ verdict: () => verdict });
      sender.ask();
      sender.start();
      const [mail] = await sender.until('in_doubt');
      await sender.untilLogged('mail in doubt: the server may have accepted it or not');
      // Another one shows that the sender has gone on, and has left this one alone.
      sender.ask({ certification: 'cert-2', mentor: 'carol' });
      await sender.until('set_aside');
      expect(server.received).toHaveLength(1);
      expect(sender.lists.resolve(mail?.mail_id ?? '', 'sent', Date.now())).toBe(true);
      expect(sender.lists.resolve(mail?.mail_id ?? '', 'sent', Date.now())).toBe(false);
      await sender.until('sent');
    },
  );

  it('is sent again, with the same Message-ID, once a person has found that it was not', async () => {
    let asked = 0;
    const { server, sender } = await given({ verdict: () => (asked++ === 0 ? 'hang up' : 'accept') });
    sender.ask();
    sender.start();
    const [mail] = await sender.until('in_doubt');
    expect(sender.lists.resolve(mail?.mail_id ?? '', 'unsent', Date.now())).toBe(true);
    await sender.until('sent');
    const [first, second] = server.received;
    expect(second?.messageId).toBe(first?.messageId);
    expect(server.accepted()).toHaveLength(1);
  });

  it('is sent again by the policy that sends at least once', async () => {
    let asked = 0;
    const { server, sender } = await given({
      verdict: () => (asked++ === 0 ? 'accept and hang up' : 'accept'),
    });
    sender.ask();
    sender.start();
    await sender.until('in_doubt');
    expect(sender.doubts.sendAgain(Date.now())).toHaveLength(1);
    await sender.until('sent');
    const ids = server.accepted().map(({ messageId }) => messageId);
    expect(ids).toEqual([ids[0], ids[0]]);
  });
});

describe('a mail that two processes have', () => {
  it('is ended by the dot of one: the other hangs up before it', async () => {
    const asked = createGate();
    const overtaken = createGate();
    let recipients = 0;
    const { server, sender } = await given({
      async refuseRecipient() {
        if (recipients++ > 0) return undefined;
        asked.open();
        await overtaken.passed;
        return undefined;
      },
    });
    sender.ask();
    sender.start();
    await asked.passed;
    const other = createOutbox(sender.journal, '["this host",2,"another process"]');
    const claimIsOver = Date.now() + 3_600_000;
    const mail = other.claim(claimIsOver, 1_000);
    expect(other.finish(mail?.mail_id ?? '', claimIsOver)).toBe(true);
    overtaken.open();
    // Another mail shows that the sender is through with the first one.
    sender.ask({ certification: 'cert-2' });
    await sender.until('sent');
    expect(server.received.map(({ raw }) => raw.includes('cert-1'))).toEqual([false]);
    expect(sender.lists.list('finishing')).toHaveLength(1);
  });
});

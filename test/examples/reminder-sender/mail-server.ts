import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What the server does once it has the final dot of a mail. */
export type Verdict = 'accept' | 'accept and hang up' | 'hang up' | number;

export interface ReceivedMail {
  messageId: string;
  to: string;
  raw: string;
  /** Until it is decided, none. */
  verdict: Verdict | undefined;
}

export interface MailServer {
  port: number;
  /** Each that came with its final dot, in this order. */
  received: ReceivedMail[];
  accepted(): ReceivedMail[];
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** Asked with the final dot; by default all mails are accepted. */
  verdict?: (mail: ReceivedMail) => Verdict | Promise<Verdict>;
  /** A code, such as 550, for recipients that are refused. */
  refuseRecipient?: (address: string) => number | undefined | Promise<number | undefined>;
  greeting?: () => number | undefined;
  disabledCommands?: string[];
}

/** A mail server that remembers what it has accepted: the truth that a sender is measured by. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { verdict = () => 'accept', refuseRecipient, greeting, disabledCommands } = options;
  const received: ReceivedMail[] = [];
  const refusal = (code: number | undefined): Error | null =>
    code === undefined
      ? null
      : Object.assign(new Error(`refused by the test with ${code}`), { responseCode: code });
  const server = new SMTPServer({
    disabledCommands: disabledCommands ?? ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (_session, done) => done(refusal(greeting?.())),
    onRcptTo({ address }, _session, done) {
      void Promise.resolve(refuseRecipient?.(address)).then((code) => done(refusal(code)));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      // The connection ended before the dot: nothing was received.
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const messageId = /^Message-ID: (.+)\r$/im.exec(raw)?.[1] ?? '';
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        const mail: ReceivedMail = { messageId, to, raw, verdict: undefined };
        received.push(mail);
        void Promise.resolve(verdict(mail)).then((decided) => {
          mail.verdict = decided;
          if (decided === 'accept') done(null);
          else if (typeof decided === 'number') done(refusal(decided));
          else hangUp(session);
        });
      });
    },
  });
  server.on('error', () => undefined);

  function hangUp(session: SMTPServerSession): void {
    for (const connection of server.connections) {
      if (connection.session === session) connection._socket.destroy();
    }
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    accepted: () =>
      received.filter(({ verdict: decided }) => decided === 'accept' || decided === 'accept and hang up'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

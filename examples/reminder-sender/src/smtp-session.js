import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/**
 * @typedef {object} SmtpSession
 * @property {(mail: { from: string, to: string, raw: Buffer, beforeDot: () => void }) => Promise<string>} send
 *   resolves with the answer of the server that has accepted the mail. `beforeDot` is called when all of it but the final
 *   dot is on its way; when it throws, the dot is not sent, and no server delivers a message without it
 * @property {() => void} close
 */

/**
 * Connects to the mail server and logs in. Below nodemailer's transports: those send again by themselves when
 * they see fit, and tell nothing of the moment before the dot.
 * @param {import('./load-config.js').Config['smtp']} smtp
 * @returns {Promise<SmtpSession>}
 * @throws nodemailer's error
 */
export async function openSmtpSession({ host, port, tls, login, timeoutMs }) {
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: Math.min(timeoutMs, 30_000),
    greetingTimeout: Math.min(timeoutMs, 30_000),
    socketTimeout: timeoutMs,
    socketCloseTimeout: 0,
  });
  /** What a session that breaks does to whoever waits. @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('the connection was closed')));
  });
  broken.catch(() => undefined);

  /**
   * @template T
   * @param {(done: (error?: Error | null, result?: T) => void) => void} call
   * @returns {Promise<T>}
   */
  const answered = (call) =>
    Promise.race([
      broken,
      new Promise((resolve, reject) => {
        call((error, result) => {
          if (error) reject(error);
          else resolve(/** @type {T} */ (result));
        });
      }),
    ]);

  try {
    await answered((done) => connection.connect(done));
    if (login !== undefined) await answered((done) => connection.login({ credentials: login }, done));
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    async send({ from, to, raw, beforeDot }) {
      const message = Readable.from(endingWith(raw, beforeDot), { objectMode: false });
      const { response } = await answered((done) =>
        connection.send({ from, to: [to], size: raw.length }, message, done),
      );
      return response;
    },
    close: () => connection.quit(),
  };
}

/** @param {Buffer} raw @param {() => void} beforeDot */
async function* endingWith(raw, beforeDot) {
  yield raw;
  // The socket gets what was read so far. What remains afterwards is the dot alone, so little is ever in doubt.
  await new Promise((resolve) => setImmediate(resolve));
  beforeDot();
}

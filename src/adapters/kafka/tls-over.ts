import { isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/**
 * TLS over a separate socket, which can be reset at any time. TLS that shares the socket's handle crashes the process
 * (a segmentation fault of Node.js 20) when it writes after such a reset.
 * @param host what the certificate must name
 */
export function tlsOver(raw: Socket, host: string, tls: ConnectionOptions, onConnect: () => void): TLSSocket {
  const between = new Duplex({
    read: () => void raw.resume(),
    write: (chunk: Buffer, _encoding, done) => void raw.write(chunk, done),
    final: (done) => void raw.end(done),
    destroy(error, done) {
      raw.destroy();
      done(error);
    },
  });
  raw.on('data', (chunk) => {
    if (!between.push(chunk)) raw.pause();
  });
  raw.once('end', () => between.push(null));
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const secure = connect({ socket: between, host, ...servername, ...tls }, onConnect);
  raw.once('error', (error) => secure.destroy(error));
  raw.once('close', () => secure.destroy());
  return secure;
}

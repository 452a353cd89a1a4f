import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface RawRequest {
  method: string;
  /** Sent as it is: nothing is normalised. */
  path: string;
  /** Each text of a list is a header of its own. */
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** An address of the loopback to come from. */
  from?: string;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request that a well-behaved client would not send, on a connection of its own. */
export function rawRequest(
  address: string,
  { method, path, headers = {}, body, from }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path,
        headers: { ...length, ...headers },
        agent: false,
        ...(from !== undefined && { localAddress: from }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    // After an early refusal the rest of a large body may find the connection closed: the answer is what counts.
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes, and answers all that came back when the server has closed the connection. */
export function rawBytes(address: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    // After an answer it is how a connection may end whose request is not read to its end.
    socket.on('error', (error) => {
      if (text === '') reject(error);
    });
    socket.on('close', () => {
      resolve(text);
    });
    socket.write(bytes);
  });
}

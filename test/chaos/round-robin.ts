import { request } from 'node:http';
import { BASE_PATH } from '../../src/http/api.js';

export interface Sent {
  /** Request id, and the correlation id of its effects. */
  id: string;
  method: string;
  path: string;
  body: Record<string, unknown> | undefined;
  /** Epoch milliseconds. */
  at: number;
  took: number;
  /** Undefined when no answer came. */
  status: number | undefined;
  answer: any;
  /** Why it counts as failed: no answer, or a status from 500 on. */
  failure: string | undefined;
  /** An instance was up both when it was sent and when it ended. */
  anyUp: boolean;
}

export interface RoundRobin {
  /** All requests so far that have ended. */
  sent: readonly Sent[];
  /** One request on a connection of its own. Never rejects. */
  send(method: string, path: string, body?: Record<string, unknown>): Promise<Sent>;
}

const ANSWER_WITHIN_MS = 15_000;

/**
 * The dumbest client of several instances: each request goes to the next one, and to the one after it only when the
 * connection is refused, so that nothing can have begun.
 */
export function createRoundRobin(
  addresses: readonly string[],
  { newId, anyUp }: { newId: () => string; anyUp: () => boolean },
): RoundRobin {
  const sent: Sent[] = [];
  let turn = 0;

  async function tryEach(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<{ status: number; text: string } | string> {
    const first = turn++;
    for (let next = first; next < first + addresses.length; next++) {
      const url = `${addresses[next % addresses.length]}${BASE_PATH}${path}`;
      try {
        return await once(url, method, headers, body);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ECONNREFUSED') return code ?? message;
      }
    }
    return 'refused by all';
  }

  return {
    sent,
    async send(method, path, body) {
      const [id, at, began, wasUp] = [newId(), Date.now(), performance.now(), anyUp()];
      const text = body && JSON.stringify(body);
      const headers = {
        'x-request-id': id,
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        }),
      };
      const result = await tryEach(method, path, headers, text);
      const answered = typeof result === 'object';
      const answer = answered ? parsed(result.text) : undefined;
      const failed = !answered || result.status >= 500;
      const one: Sent = {
        id,
        method,
        path,
        body,
        at,
        took: performance.now() - began,
        status: answered ? result.status : undefined,
        answer,
        failure: failed ? (answered ? `${result.status} ${answer?.code ?? ''}` : result) : undefined,
        anyUp: wasUp && anyUp(),
      };
      sent.push(one);
      return one;
    },
  };
}

function once(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.setTimeout(ANSWER_WITHIN_MS, () => outgoing.destroy(new Error('time-out')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

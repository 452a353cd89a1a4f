import { Agent, createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/adapters/system/clock.js';
import { AccessError, type Credentials } from '../../src/access/credentials.js';
import { createPrincipal, SCOPES, type Scope } from '../../src/access/principal.js';
import { answerLast } from '../../src/http/answer-last.js';
import { createApi, type Api, type ApiDependencies } from '../../src/http/api.js';
import type { PageFile } from '../../src/http/page-file.js';
import { endAfterBody } from '../../src/http/end-after-body.js';
import type { Application } from '../../src/http/server.js';
import { DomainError } from '../../src/job/domain-error.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createCollectingLogger, type LogLine } from '../support/collecting-logger.js';
import { createSeededIds } from '../support/seeded-ids.js';

/** The whole API over parts that do nothing but say that they were asked. */
export interface AccessWorld {
  api: Api['api'];
  probes: Api['probes'];
  /** The kinds of work that were begun since the last look. */
  reached: () => ReadonlySet<Work>;
  logged: LogLine[];
  /**
   * @param what without it the API
   * @returns its address
   */
  listen(from: From, what?: Application): Promise<string>;
  close(): Promise<void>;
}

export type Work = 'command' | 'people' | 'other';
/** Where the other end of a connection seems to be. */
export type From = 'this machine' | 'elsewhere';

/** One key for each set of scopes: their names, with a plus between them. */
export const KEYS: readonly string[] = [...SCOPES, 'admin+people'];

/** Knows `KEYS`, and nobody without one. */
export const sampleCredentials: Credentials = {
  areConfigured: true,
  identify({ apiKey }) {
    if (apiKey === undefined || !KEYS.includes(apiKey))
      return Promise.reject(new AccessError('unauthorized', 'a credential is needed'));
    return Promise.resolve(createPrincipal(`key:${apiKey}`, apiKey.split('+') as Scope[]));
  },
};

/** @param rateLimit requests in a minute */
export function createAccessWorld(
  credentials: Credentials,
  rateLimit?: number,
  corsOrigins: readonly string[] = [],
): AccessWorld {
  let reached = new Set<Work>();
  const logger = createCollectingLogger();
  /** Each method of it is told, and fails as if its server were down. */
  const part = (work: Work): object =>
    new Proxy(
      {},
      { get: (_, name) => (name === 'then' ? undefined : () => (reached.add(work), downAnswer)) },
    );
  const noJob = (): undefined => {
    reached.add('other');
    return undefined;
  };
  const core = {
    clock: systemClock,
    fold: { get: noJob, live: () => 0, refresh: noJob, onChange: () => undefined },
    leadership: { state: () => (reached.add('other'), { leading: true }) },
    commands: {
      handleAndProject: () => {
        reached.add('command');
        return Promise.reject(new DomainError('cron_job_not_found', 'there is no job'));
      },
    },
    outlook: part('people'),
  };
  const given = {
    core: orElse(core, part('other')),
    reads: orElse({}, part('other')),
    credentials,
    ids: createSeededIds(),
    logger,
    metrics: {
      contentType: 'text/plain',
      text: () => Promise.resolve(`${reached.add('other').size}`),
      requestRefused: () => undefined,
    },
    documents: { get: () => Promise.resolve({ text: '{}', etag: '"0"' }) },
    pages: {
      docs: { get: () => Promise.resolve(emptyPage) },
      dashboard: { get: () => Promise.resolve(emptyPage) },
    },
    dependencies: {},
    version: '0',
    phase: () => 'ready',
    started: Promise.resolve(),
    hosts: { host: '0.0.0.0', allowedHosts: [] },
    corsOrigins,
    allowSeconds: false,
    tzdataVersion: '',
    rateLimit,
  };
  const { api, probes } = createApi(orElse(given, part('other')) as unknown as ApiDependencies);
  const servers: ReturnType<typeof createServer>[] = [];

  return {
    api,
    probes,
    logged: logger.lines,
    reached() {
      const since = reached;
      reached = new Set();
      return since;
    },
    async listen(from, what = api) {
      const answer: RequestListener = (request, response) => {
        if (from === 'elsewhere') seemElsewhere(request);
        endAfterBody({ request, response }, systemClock);
        what(request, response, () => {
          answerLast(request, response);
        });
      };
      const server = createServer(answer).on('checkContinue', answer);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** What is not known comes from another: a part that the API gets later needs nothing here. */
function orElse<T extends object>(known: T, other: object): T {
  return new Proxy(known, {
    get: (target, name) =>
      (Reflect.get(target, name) as unknown) ?? (name === 'rateLimit' ? undefined : other),
  });
}

const nothing = { bytes: Buffer.alloc(0), etag: '"0"' };
const emptyPage: PageFile = { type: 'html', plain: nothing, gzip: nothing };

/** To be awaited, or gone through. */
const downAnswer = {
  then: (_: unknown, reject: (error: Error) => void) => {
    reject(down());
  },
  [Symbol.asyncIterator]: () => {
    throw down();
  },
};

const down = (): StoreError => new StoreError('store_unavailable', 'it does nothing');

function seemElsewhere({ socket }: IncomingMessage): void {
  const own = { configurable: true, value: '10.9.8.7' };
  Object.defineProperties(socket, { remoteAddress: own, localAddress: own });
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

export interface Asked {
  method: string;
  /** Sent as it is: nothing is normalised. */
  path: string;
  key?: string | undefined;
  headers?: Record<string, string>;
  body?: string | undefined;
}

/** The answer to one request; of an event stream, its beginning. */
export function ask(
  address: string,
  { method, path, key, headers = {}, body }: Asked,
): Promise<{ status: number; code: string; detail: string }> {
  const { hostname, port } = new URL(address);
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent: Record<string, string> = { ...typed, ...headers };
  if (key !== undefined) sent['x-api-key'] = key;
  if (body !== undefined) sent['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: sent, agent }, (response) => {
      const status = response.statusCode ?? 0;
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const answer = (): void => {
        const isProblem = response.headers['content-type']?.startsWith('application/problem') === true;
        const { code, detail } = JSON.parse(isProblem && text !== '' ? text : '{}') as Record<string, string>;
        resolve({ status, code: code ?? '', detail: detail ?? '' });
      };
      response.on('end', answer);
      response.on('error', reject);
      if (response.headers['content-type']?.startsWith('text/event-stream') !== true) return;
      answer();
      response.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

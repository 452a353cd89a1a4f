import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, KEY_BYTES, keyText } from '../../src/access/api-keys.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { operationAt } from '../service/documented-answer.js';
import { RECORDS } from '../service/people-service.js';
import { createGate, eventually } from '../support/eventually.js';
import { startApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A service that clients call from processes of their own. */
export interface WatchedService {
  address: string;
  /** With it everything may be done. */
  key: string;
  /** The operations that were called and have done what the document says; none that was only refused. */
  succeeded: () => ReadonlySet<string>;
  stop: () => Promise<void>;
}

interface Call {
  method: string;
  path: string;
  response: ServerResponse;
}

const DAY_MS = 86_400_000;
const REQUESTS = 'http.server.request.start';

/**
 * Has certifications, a job of the key `settled-ahead` whose slots a clock that was ahead has settled, and keeps a run open
 * that is asked for under the Idempotency-Key `held` until a run is cancelled.
 */
export async function startWatchedService(): Promise<WatchedService> {
  const folder = temporaryFolder();
  await settleAhead(folder);
  const key = keyText(Buffer.alloc(KEY_BYTES, 1));
  const keysFile = join(folder, 'keys.json');
  const hash = `sha256:${hashOf(key).toString('hex')}`;
  const keys = [{ name: 'client', hash, scopes: ['admin', 'people'], expires_at: null }];
  writeFileSync(keysFile, JSON.stringify({ keys }), { mode: 0o600 });

  let gate = createGate();
  gate.open();
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  await registry.upsert(RECORDS, 'test');
  const gated: CertificationRegistry = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  const { app, address } = await startApp({ DATA_DIR: folder, API_KEYS_FILE: keysFile }, { registry: gated });

  const calls: Call[] = [];
  const onRequest = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== Number(new URL(address).port)) return;
    // Express takes from the address what its routers have found.
    const { pathname: path } = new URL(request.url ?? '', address);
    calls.push({ method: request.method ?? '', path, response });
    if (request.headers['idempotency-key'] === 'held') gate = createGate();
    if (path.endsWith('/cancel')) response.once('finish', () => gate.open());
  };
  subscribe(REQUESTS, onRequest);

  return {
    address,
    key,
    succeeded: () => new Set(calls.flatMap(successOf)),
    async stop() {
      unsubscribe(REQUESTS, onRequest);
      gate.open();
      await app.stop();
    },
  };
}

/** The event streams never finish: their status is set when they begin. */
function successOf({ method, path, response }: Call): string[] {
  const called = operationAt(method, path);
  if (called === undefined || !response.headersSent || response.statusCode >= 300) return [];
  return [called.operation.id];
}

/** A lone service whose clock is a day ahead starts the slots of that day, and is then stopped. */
async function settleAhead(folder: string): Promise<void> {
  const before = await startApp({ DATA_DIR: folder });
  const job = { name: 'settled', cron_expression: '* * * * *' };
  await before.call('PUT', '/by-key/settled-ahead', job);
  await before.app.stop();
  const clock = { ...systemClock, now: () => systemClock.now() + DAY_MS };
  const ahead = await startApp({ DATA_DIR: folder }, { clock });
  await eventually('a slot of tomorrow is settled', async () => {
    const { body } = await ahead.call('GET', '/by-key/settled-ahead');
    return body.last_run_status === 'success';
  });
  await ahead.app.stop();
}

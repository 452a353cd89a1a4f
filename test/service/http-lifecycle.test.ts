import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createApp, type App } from '../../src/service/app.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { ownPackage } from '../../src/service/own-package.js';
import type { Adapters } from '../../src/ports/adapters.js';
import { loadConfig } from '../../src/config/config.js';
import { BASE_PATH } from '../../src/http/api.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createCollectingLogger, type LogLine } from '../support/collecting-logger.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { expectProblemShape } from './expect-problem.js';
import { rawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PAGE = 'https://app.example.com';

/** What a test has to undo, the last thing first. */
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** The service with real stores, of which the test changes something. */
async function startWith(change: (adapters: Adapters) => Partial<Adapters>): Promise<RunningApp> {
  const folder = temporaryFolder();
  const adapters = await openAdapters(loadConfig({ DATA_DIR: folder }), { logger: createCollectingLogger() });
  const { log, store, registry } = adapters;
  const service = await startApp({ DATA_DIR: folder }, { log, store, registry, ...change(adapters) });
  cleanUps.push(() => service.app.stop());
  return service;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('health', () => {
  it('says that the service is alive and what it is made of', async () => {
    const service = await startWith(() => ({}));
    const ownVersion = { version: ownPackage.version };
    const alive = await service.call('GET', `${service.address}/livez`);
    expect([alive.status, alive.body]).toEqual([200, { status: 'ok', ...ownVersion }]);
    const ready = await service.call('GET', `${service.address}/readyz`);
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({
      status: 'ready',
      role: 'leader',
      dependencies: {
        event_log: { adapter: 'sqlite', status: 'ok' },
        read_store: { adapter: 'sqlite', status: 'ok' },
        registry: { adapter: 'sqlite', status: 'ok' },
        message_bus: { adapter: 'in-process', status: 'ok' },
      },
    });
    expect(service.logged.find(({ message }) => message === 'ready')?.fields).toMatchObject(ownVersion);
    const metrics = await (await fetch(`${service.address}/metrics`)).text();
    const labels = `version="${ownPackage.version}",node="${process.versions.node}"`;
    expect(metrics).toContain(`\ncertification_cron_build_info{${labels}} 1\n`);
    const refused = await service.call('POST', `${service.address}/readyz`);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('shows a store that is down as degraded, and takes no instance away for it', async () => {
    let down = false;
    const service = await startWith(({ store }) => ({
      store: {
        ...store,
        readCheckpoint: (name) =>
          down
            ? Promise.reject(new StoreError('store_unavailable', 'read.db is down'))
            : store.readCheckpoint(name),
      },
    }));
    down = true;
    const { status, body } = await service.call('GET', `${service.address}/readyz`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ready',
      dependencies: {
        event_log: { status: 'ok' },
        read_store: { adapter: 'sqlite', status: 'degraded' },
        registry: { status: 'ok' },
      },
    });
    expect(JSON.stringify(body)).not.toContain('read.db');
  });
});

describe('while the log is read', () => {
  interface StartingApp {
    app: App;
    address: string;
    started: Promise<string>;
    logged: LogLine[];
  }

  /** A service that listens, and gets no further before the gate is opened. */
  async function startUpTo(gate: Gate): Promise<StartingApp> {
    const port = await freePort();
    const env = { DATA_DIR: temporaryFolder(), PORT: String(port), CORS_ORIGINS: PAGE };
    const config = loadConfig(env);
    const logger = createCollectingLogger();
    const adapters = await openAdapters(config, { logger });
    const { log } = adapters;
    const app = await createApp(config, {
      ...adapters,
      log: {
        ...log,
        async *subscribe(options) {
          await gate.passed;
          yield* log.subscribe(options);
        },
      },
    });
    const started = app.start();
    const address = `http://127.0.0.1:${port}`;
    const alive = await eventually('the service listens', () =>
      fetch(`${address}/livez`).catch(() => undefined),
    );
    expect(alive.status).toBe(200);
    return { app, address, started, logged: logger.lines };
  }

  it('the service listens, but is not ready, and keeps no request for long', async () => {
    const gate = createGate();
    const { app, address, started } = await startUpTo(gate);
    const ready = await fetch(`${address}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'starting' }]);
    expect(ready.headers.get('retry-after')).toBe('1');
    const bases = [BASE_PATH, BASE_PATH + BASE_PATH];
    const headers = { origin: PAGE, 'access-control-request-method': 'POST' };
    // What is allowed is known already: the browser of a page sends its request, and that waits.
    const preflight = await rawRequest(address, { method: 'OPTIONS', path: BASE_PATH, headers });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([
      204,
      'GET, HEAD, POST',
    ]);
    for (const refused of await Promise.all(
      bases.map((base) => fetch(address + base, { headers: { origin: PAGE } })),
    )) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
      const body = (await refused.json()) as Record<string, unknown>;
      expectProblemShape(body, 503);
      expect(body.code).toBe('starting');
    }
    gate.open();
    expect(await started).toBe(address);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect((await fetch(address + BASE_PATH)).status).toBe(200);
    await app.stop();
  });

  it('a request that comes is kept, and answered when the service has started', async () => {
    const gate = createGate();
    const { app, address, started } = await startUpTo(gate);
    const early = fetch(address + BASE_PATH);
    // It must have reached the service before the other one is answered.
    await fetch(`${address}/livez`);
    gate.open();
    expect((await early).status).toBe(200);
    await started;
    await app.stop();
  });

  it('the service can be stopped, and is never ready then', async () => {
    const gate = createGate();
    const { app, started, logged } = await startUpTo(gate);
    const stopped = app.stop();
    gate.open();
    await Promise.all([stopped, Promise.allSettled([started])]);
    expect(logged.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    expect(logged.map(({ message }) => message)).not.toContain('ready');
  });
});

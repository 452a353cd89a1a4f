import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf, keyText } from '../../src/access/api-keys.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { loadConfig } from '../../src/config/config.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { StoreError } from '../../src/ports/store-error.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate, eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeWaits } from './waiting-for-runs.js';

let server: FakeEventStore;
beforeAll(async () => {
  server = await startEventStore();
});
afterAll(() => {
  server.close();
});

const [sqlite, eventStore] = [temporaryFolder(), temporaryFolder()];
describeWaits('with SQLite', () => ({ DATA_DIR: sqlite }));
describeWaits('with EventStoreDB (stand-in)', () => ({
  DATA_DIR: eventStore,
  EVENTSTORE_URL: server.connectionString,
}));

const JOB = { name: 'nightly', cron_expression: '0 2 1 1 *', concurrency_policy: 'allow' };
const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('without the projector', () => {
  let service: RunningApp;
  let readStore: 'well' | 'down' = 'well';
  let id: string;
  const projector = createGate();

  beforeAll(async () => {
    const store = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
    const slow: ReadStore = {
      ...store,
      // Checks wait for the model of reminders, so runs end only when a test ends them.
      async write(changes, checkpoint) {
        if (checkpoint !== undefined) await projector.passed;
        await store.write(changes, checkpoint);
      },
      read: (model, keys) =>
        readStore === 'well'
          ? store.read(model, keys)
          : Promise.reject(new StoreError('store_unavailable', 'it is down')),
    };
    service = await startApp({ DATA_DIR: temporaryFolder() }, { store: slow });
    id = String((await service.call('POST', '', JOB)).body.id);
  });
  afterAll(async () => {
    projector.open();
    await service.app.stop();
  });

  /** The newest run of the job, once there are `count`. */
  const runOf = (count: number): Promise<string> =>
    eventually('the run is there', async () => {
      const { pagination, data } = (await service.call('GET', `/${id}/runs`)).body;
      return pagination.total === count && String(data[0].run_id);
    });
  /** As its worker does: the rows are left to the projector. */
  const end = (runId: string): Promise<unknown> =>
    service.app.commands.handle({
      cronId: id,
      command: { type: 'CancelRun', run_id: runId, reason: 'enough' },
      cause,
    });

  it('the end is told, and every read after it shows it', async () => {
    const waiting = service.call('POST', `/${id}/execute?wait=30`);
    const runId = await runOf(1);
    const reading = service.call('GET', `/${id}/runs/${runId}?wait=30`);
    await pause(100);
    await end(runId);
    const [executed, read] = await Promise.all([waiting, reading]);
    const shown = (await service.call('GET', `/${id}/runs/${runId}`)).body;
    expect(shown).toMatchObject({ status: 'failed', error: { code: 'cancelled', message: 'enough' } });
    expect([executed.status, read.status, read.body]).toEqual([200, 200, shown]);
    expect(executed.body).toEqual({ ...shown, triggered_at: shown.started_at });
    expect((await service.call('GET', `/${id}`)).body.last_run_status).toBe('failed');
  });

  it('while the read store is down, a run that was started is no failure, and a reader comes back', async () => {
    const waiting = service.call('POST', `/${id}/execute?wait=30`);
    const runId = await runOf(2);
    const reading = service.call('GET', `/${id}/runs/${runId}?wait=30`);
    await pause(100);
    readStore = 'down';
    await end(runId);
    const [executed, read] = await Promise.all([waiting, reading]);
    readStore = 'well';
    expect([executed.status, executed.headers.get('reads-lag')]).toEqual([202, 'true']);
    expect(executed.body).toMatchObject({ run_id: runId, status: 'running' });
    expect([read.status, read.body.code, read.headers.get('retry-after')]).toEqual([
      503,
      'store_unavailable',
      '2',
    ]);
    expect((await service.call('GET', `/${id}/runs/${runId}?wait=30`)).body.status).toBe('failed');
  });
});

it('whoever has lost the right to read meanwhile is shown nothing more', async () => {
  const key = keyText(Buffer.alloc(32, 'a'));
  const keysFile = join(temporaryFolder(), 'keys.json');
  const write = (scopes: string[]): void => {
    const hash = `sha256:${hashOf(key).toString('hex')}`;
    writeFileSync(keysFile, JSON.stringify({ keys: [{ name: 'sync', hash, scopes, expires_at: null }] }));
  };
  write(['read', 'operate', 'write']);
  const gate = createGate();
  const { registry, log, store } = await openAdapters(loadConfig({ DATA_DIR: temporaryFolder() }), {
    logger: createCollectingLogger(),
  });
  const gated: typeof registry = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  const service = await startApp({ API_KEYS_FILE: keysFile }, { log, store, registry: gated });
  const send = async (method: string, path: string, body?: string) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const response = await fetch(service.api + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, any> };
  };
  const { id } = (await send('POST', '', JSON.stringify(JOB))).body;
  const { run_id } = (await send('POST', `/${id}/execute`)).body;
  const executing = send('POST', `/${id}/execute?wait=60`);
  const reading = send('GET', `/${id}/runs/${run_id}?wait=60`);
  await pause(200);
  write(['people']);
  await eventually('the key has lost it', async () => (await send('GET', '')).status === 403);
  gate.open();
  const [executed, read] = await Promise.all([executing, reading]);
  await service.app.stop();
  expect([executed.status, executed.body.status]).toEqual([202, 'running']);
  expect([read.status, read.body.code]).toEqual([403, 'forbidden']);
});

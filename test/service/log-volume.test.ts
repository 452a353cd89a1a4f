import { afterEach, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { JOB_STREAM_PREFIX } from '../../src/events/stream-names.js';
import { StoreError } from '../../src/ports/store-error.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createVirtualClock } from '../support/virtual-clock.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOBS = 60;
const job = {
  name: 'job',
  cron_expression: '* * * * *',
};

let service: RunningApp;
let fault: Error | undefined;

/** The service on stores that fail with `fault` while there is one. */
async function startFailing() {
  fault = undefined;
  const DATA_DIR = temporaryFolder();
  const clock = createVirtualClock('2026-03-26T10:00:30.000Z');
  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR }), {
    clock,
    logger: createCollectingLogger(),
  });
  service = await startApp(
    { DATA_DIR },
    {
      clock,
      registry,
      store: { ...store, listJobs: (query) => (fault ? Promise.reject(fault) : store.listJobs(query)) },
      // The lease is renewed; slots conflict, and what they conflict with cannot be read.
      log: {
        ...log,
        append: (writes) =>
          fault && writes.some(({ events }) => events.some(({ type }) => type === 'RunStarted'))
            ? Promise.resolve(
                writes.map(({ expectedVersion }) => ({ kind: 'conflict', version: expectedVersion + 1 })),
              )
            : log.append(writes),
        readStream: (stream, options) =>
          fault && stream.startsWith(JOB_STREAM_PREFIX)
            ? Promise.reject(fault)
            : log.readStream(stream, options),
      },
    },
  );
  return clock;
}

const told = (text: string) => service.logged.filter(({ message }) => message === text);

afterEach(async () => {
  fault = undefined;
  await service.app.stop();
});

it('100 requests to a store that is down are one line, a count, and a line when it is over', async () => {
  const clock = await startFailing();
  fault = new StoreError('store_unavailable', 'read.db: no answer');
  for (let request = 0; request < 100; request++) expect((await service.call('GET', '')).status).toBe(503);
  fault = undefined;
  await clock.advance(30_000);
  expect(told('request deferred with 503')).toHaveLength(1);
  const about = { of: 'request deferred with 503', left_out_in_all: 99 };
  expect(told('more lines of this kind were left out').map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining(about),
  );
  expect(told('no more lines of this kind').map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining(about),
  );
});

it('100 requests that meet the same fault are logged with their ids the first times', async () => {
  await startFailing();
  fault = new TypeError('x is undefined');
  for (let request = 0; request < 100; request++) expect((await service.call('GET', '')).status).toBe(500);
  const lines = told('request failed');
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(5);
  expect(lines[0]?.fields).toHaveProperty('request_id');
});

it('slots of many jobs that cannot be recorded write a few lines', async () => {
  const clock = await startFailing();
  for (let count = 0; count < JOBS; count++) expect((await service.call('POST', '', job)).status).toBe(201);
  const before = service.logged.length;
  fault = new StoreError('store_unavailable', 'log.db: no answer');
  await clock.advance(120_000);
  expect(told('tick failed; retrying').length).toBeGreaterThan(0);
  expect(service.logged.length - before).toBeLessThan(40);
  fault = undefined;
  await clock.advance(60_000);
});

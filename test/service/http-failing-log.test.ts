import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAdapters } from '../../src/service/open-adapters.js';
import { loadConfig } from '../../src/config/config.js';
import type { Logger } from '../../src/ports/logger.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblemShape } from './expect-problem.js';

const refuse = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};
const fullDisk: Logger = { debug: refuse, info: refuse, warn: refuse, error: refuse };

let service: RunningApp;
let fault: Error;

beforeAll(async () => {
  const DATA_DIR = temporaryFolder();
  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR }), {
    logger: createCollectingLogger(),
  });
  const failing = {
    ...store,
    listJobs: () => Promise.reject(fault),
    write: () => Promise.reject(new StoreError('store_unavailable', 'down')),
  };
  service = await startApp({ DATA_DIR }, { log, registry, store: failing, logger: fullDisk });
});

afterAll(() => service.app.stop());

const hostile = (property: string): Error =>
  Object.defineProperty(new Error('inside'), property, {
    get: () => {
      throw new Error('secret of the inside');
    },
  });

describe('when no line can be written', () => {
  it.each<[string, unknown, number, string]>([
    ['a store is down', new StoreError('store_unavailable', 'secret'), 503, 'store_unavailable'],
    ['an error that nobody expected', new Error('secret'), 500, 'internal_error'],
    ['an error whose status cannot be read', hostile('status'), 500, 'internal_error'],
    [
      'an error whose code cannot be read',
      Object.assign(hostile('type'), { status: 400 }),
      500,
      'internal_error',
    ],
    ['something that is no error', 'secret', 500, 'internal_error'],
    ['nothing', undefined, 500, 'internal_error'],
    ['an object without a prototype', Object.create(null), 500, 'internal_error'],
  ])('the answer is the same: %s', async (_, thrown, status, code) => {
    fault = thrown as Error;
    const response = await fetch(service.api);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(text).not.toMatch(/secret|node_modules|\bat .*:\d+/);
    const body = JSON.parse(text) as Record<string, any>;
    expectProblemShape(body, status);
    expect([response.status, body.code]).toEqual([status, code]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('a write is accepted, and the service goes on', async () => {
    const { status } = await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' });
    expect(status).toBe(201);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAdapters } from '../../src/service/open-adapters.js';
import { loadConfig } from '../../src/config/config.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { expectProblemShape } from './expect-problem.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SECRET = 'column secret_of_the_inside';

let service: RunningApp;
let fault: Error;

beforeAll(async () => {
  const DATA_DIR = temporaryFolder();
  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR }), {
    logger: createCollectingLogger(),
  });
  service = await startApp(
    { DATA_DIR },
    { log, registry, store: { ...store, listJobs: () => Promise.reject(fault) } },
  );
});

afterAll(() => service.app.stop());

async function askFor(requestId: string): Promise<{ response: Response; body: Record<string, any> }> {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const response = await fetch(service.api, { headers: { 'x-request-id': requestId, traceparent } });
  return { response, body: (await response.json()) as Record<string, any> };
}

const linesOf = (requestId: string) =>
  service.logged.filter(({ fields }) => 'request_id' in fields && fields.request_id === requestId);

describe('an error that nobody expected', () => {
  it('is 500, tells nothing of the inside, and is logged once with the id of the request', async () => {
    fault = new Error(SECRET);
    const { response, body } = await askFor('unexpected-1');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expectProblemShape(body, 500);
    expect(body).toMatchObject({ code: 'internal_error', request_id: 'unexpected-1' });
    expect(JSON.stringify(body)).not.toMatch(/secret|at .*\.[jt]s|node_modules/);
    expect(linesOf('unexpected-1')).toEqual([
      {
        level: 'error',
        message: expect.any(String),
        fields: expect.objectContaining({
          err: fault,
          request_id: 'unexpected-1',
          trace_id: '0af7651916cd43dd8448eb211c80319c',
        }),
      },
    ]);
  });

  it('does not disturb the next request', async () => {
    fault = new Error(SECRET);
    await askFor('unexpected-2');
    expect((await service.call('GET', '/cron-1')).status).toBe(404);
  });

  it('may say anything about its status without being believed', async () => {
    fault = Object.assign(new Error(SECRET), { status: 418 });
    const { response, body } = await askFor('unexpected-3');
    expect(response.status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});

describe('a store that cannot be used', () => {
  it('is 503, says when to try again, and names no file', async () => {
    fault = new StoreError('storage_full', '/var/data/read.db: no space left');
    const { response, body } = await askFor('store-1');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expectProblemShape(body, 503);
    expect(body).toMatchObject({ code: 'storage_full', request_id: 'store-1' });
    expect(JSON.stringify(body)).not.toContain('/var/data');
    expect(linesOf('store-1').map(({ level }) => level)).toEqual(['warn']);
  });
});

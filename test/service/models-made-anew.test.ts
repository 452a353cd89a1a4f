import { afterEach, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/config.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;

afterEach(async () => {
  await service.app.stop();
});

it('reads ask to come back while the read models are made anew, and never show less than was acknowledged', async () => {
  const DATA_DIR = temporaryFolder();
  service = await startApp({ DATA_DIR });
  const ids: string[] = [];
  let gone = '';
  for (const name of ['a', 'b', 'c']) {
    const { body } = await service.call('POST', '', { name, cron_expression: '0 2 * * *' });
    ids.push(body.id as string);
  }
  // As many jobs deleted as there are: their rows come back first.
  for (let turn = 0; turn < 5; turn++) {
    const { body } = await service.call('POST', '', { name: 'gone', cron_expression: '0 2 * * *' });
    await service.call('DELETE', `/${body.id}`);
    gone = body.id as string;
  }
  await service.app.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(join(DATA_DIR, `read.db${end}`), { force: true });

  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR }), {
    logger: createCollectingLogger(),
  });
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  service = await startApp(
    { DATA_DIR },
    {
      log,
      registry,
      store: {
        ...store,
        async write(changes, checkpoint) {
          await held;
          return store.write(changes, checkpoint);
        },
      },
    },
  );
  for (const path of ['', '?limit=1', `/${ids[0]}`, `/${ids[1]}/runs`, `/${gone}/runs`]) {
    const { status, headers, body } = await service.call('GET', path);
    expect([path, status, body.code, headers.get('retry-after')]).toEqual([path, 503, 'reads_behind', '2']);
  }
  expect((await service.call('GET', '/cron-never')).status).toBe(404);
  expect((await service.call('GET', `/${gone}`)).status).toBe(404);
  const { status, headers, body } = await service.call('PUT', `/${ids[0]}`, {});
  expect([status, headers.get('reads-lag'), body.created_at]).toEqual([200, 'true', null]);
  // The log has all of it.
  expect((await service.call('GET', `/${gone}?as_of=1`)).body).toMatchObject({ name: 'gone', version: 1 });
  const restored = await service.call('POST', `/${gone}/restore`, { reason: 'it was not to go' });
  expect([restored.status, restored.headers.get('reads-lag')]).toEqual([200, 'true']);
  goOn();
  await eventually('the models are there', async () => (await service.call('GET', '')).status === 200);
  expect((await service.call('GET', '')).body.pagination.total).toBe(4);
  expect((await service.call('GET', `/${ids[0]}`)).status).toBe(200);
});

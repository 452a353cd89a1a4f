import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openAdapters } from '../../src/service/open-adapters.js';
import { loadConfig } from '../../src/config/config.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const agent = new Agent({ keepAlive: true });

afterEach(() => {
  agent.destroy();
});

interface HeldApp extends RunningApp {
  asked: () => boolean;
}

/** A service whose list of jobs is held back by the gate. */
async function startHeld(gate: Gate): Promise<HeldApp> {
  const DATA_DIR = temporaryFolder();
  const { log, store, registry } = await openAdapters(loadConfig({ DATA_DIR }), {
    logger: createCollectingLogger(),
  });
  let asked = false;
  const service = await startApp(
    { DATA_DIR },
    {
      log,
      registry,
      store: {
        ...store,
        async listJobs(page) {
          asked = true;
          await gate.passed;
          return store.listJobs(page);
        },
      },
    },
  );
  return { ...service, asked: () => asked };
}

describe('stopping', () => {
  it('answers what is under way and lets no one else in', async () => {
    const gate = createGate();
    const service = await startHeld(gate);
    const underWay = service.call('GET', '');
    await eventually('the request is under way', service.asked);
    let stopped = false;
    const stopping = service.app.stop().then(() => {
      stopped = true;
    });

    await eventually('no connection is taken any more', () =>
      fetch(`${service.address}/livez`, { headers: { connection: 'close' } }).then(
        () => false,
        () => true,
      ),
    );
    expect(stopped).toBe(false);
    gate.open();
    const { status, body } = await underWay;
    expect([status, body.data]).toEqual([200, []]);
    await stopping;
  });

  it('waits a second for connections on which nothing has been asked, as browsers keep them in store', async () => {
    const service = await startApp({ DATA_DIR: temporaryFolder() });
    const port = Number(new URL(service.address).port);
    const kept = connect(port, '127.0.0.1');
    await once(kept, 'connect');
    const late = connect(port, '127.0.0.1');
    await once(late, 'connect');
    const ended = once(kept, 'close');
    const began = performance.now();
    const stopping = service.app.stop();
    // What was on its way is answered.
    late.write('GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const [answer] = (await once(late, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/);
    await Promise.all([stopping, ended]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('does not wait for a client that keeps its connection after its answer', async () => {
    const gate = createGate();
    const service = await startHeld(gate);
    const answered = new Promise<number | undefined>((resolve, reject) => {
      request(service.api, { agent }, (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      })
        .on('error', reject)
        .end();
    });
    await eventually('the request is under way', service.asked);
    const stopping = service.app.stop();
    gate.open();
    expect(await answered).toBe(200);
    const from = performance.now();
    await stopping;
    expect(performance.now() - from).toBeLessThan(3_000);
  });
});

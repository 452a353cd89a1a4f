import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { eventually } from '../support/eventually.js';
import { startService, type ServiceProcess } from './service-process.js';
import { freePorts } from '../servers/free-ports.js';
import { openTcpProxy, type TcpProxy } from '../servers/tcp-proxy.js';
import { describeWithKafkaProxy } from '../servers/with-kafka-proxy.js';
import { describeWithServer } from '../servers/with-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TIMEOUT_MS = 120_000;

describeWithKafkaProxy('starts', 'the service, when one of its servers is down as it starts', (kafka) => {
  describeWithServer('mongodb', 'with MongoDB', (mongodb) => {
    let eventStore: FakeEventStore;
    let proxies: Record<'eventstoredb' | 'mongodb' | 'kafka', TcpProxy>;
    let env: Record<string, string>;
    let address: string;
    let starting: Promise<ServiceProcess>;

    beforeEach(async () => {
      eventStore = await startEventStore();
      const mongo = new URL(mongodb);
      proxies = {
        eventstoredb: await openTcpProxy(eventStore.host, eventStore.port),
        mongodb: await openTcpProxy(mongo.hostname, Number(mongo.port)),
        kafka: await kafka.openProxy(),
      };
      const [port = 0] = await freePorts(1);
      address = `http://127.0.0.1:${port}`;
      env = {
        PORT: String(port),
        DATA_DIR: temporaryFolder(),
        EVENTSTORE_URL: `esdb://127.0.0.1:${proxies.eventstoredb.port}?tls=false`,
        MONGODB_URL: `mongodb://127.0.0.1:${proxies.mongodb.port}/starts_${randomUUID().replaceAll('-', '')}`,
        KAFKA_BROKERS: kafka.proxied,
        KAFKA_TOPIC_PREFIX: `starts-${randomUUID()}.`,
      };
    }, TIMEOUT_MS);
    afterEach(async () => {
      await (await starting).end('SIGTERM');
      for (const proxy of Object.values(proxies)) await proxy.close();
      eventStore.close();
    }, TIMEOUT_MS);

    async function ready(): Promise<{ status: string; degraded: string[] } | undefined> {
      const response = await fetch(`${address}/readyz`).catch(() => undefined);
      if (response === undefined) return undefined;
      const { status, dependencies } = (await response.json()) as Record<string, any>;
      const entries = Object.entries<{ status: string }>(dependencies);
      return { status, degraded: entries.filter(([, it]) => it.status !== 'ok').map(([name]) => name) };
    }

    it.each(['eventstoredb', 'mongodb', 'kafka'] as const)(
      '%s hangs: it ends in time, and without an error, when it is told to',
      async (server) => {
        starting = startService(env);
        const service = await starting;
        await eventually('all is well', async () => (await ready())?.degraded.length === 0, 60_000);
        proxies[server].mode('hang');
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ name: 'job', cron_expression: '0 2 * * *' });
        // Something is then under way to the server that hangs; the answer may never come.
        const asked = fetch(address + BASE_PATH, { method: 'POST', headers, body }).catch(() => undefined);
        await eventually('it is noticed', async () => (await ready())?.degraded.length !== 0, 60_000);
        const began = performance.now();
        expect(await service.end('SIGTERM')).toBe(0);
        expect(performance.now() - began).toBeLessThan(15_000);
        await asked;
      },
      TIMEOUT_MS,
    );

    it.each([
      ['eventstoredb', 'starting', ['event_log']],
      ['mongodb', 'ready', ['read_store', 'registry']],
      ['kafka', 'ready', ['message_bus']],
    ] as const)(
      '%s: it comes up, says so, and heals by itself',
      async (server, status, named) => {
        proxies[server].mode('refuse');
        starting = startService(env);
        await eventually(
          'it says what is down',
          async () => {
            const now = await ready();
            return now?.status === status && named.every((name) => now.degraded.includes(name));
          },
          60_000,
        );
        proxies[server].mode('pass');
        await starting;
        await eventually('all is well', async () => (await ready())?.degraded.length === 0, 60_000);

        const api = address + BASE_PATH;
        const post = (path: string, body: object) =>
          fetch(api + path, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }).then((response) => response.json() as Promise<Record<string, any>>);
        const { id } = await post('', { name: 'job', cron_expression: '0 2 * * *' });
        await post(`/${id}/execute`, { dry_run: false });
        await eventually('a run is performed', async () => {
          const job = (await (await fetch(`${api}/${id}`)).json()) as Record<string, any>;
          return job.last_run_status === 'success';
        });
        expect((await starting).output.filter((line) => line.includes('"level":"error"'))).toEqual([]);
      },
      TIMEOUT_MS,
    );
  });
});

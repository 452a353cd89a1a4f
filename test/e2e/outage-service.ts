import { randomUUID } from 'node:crypto';
import { verifyLog } from '../../src/ledger/verify-log.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { SLOT_ENGINE_VERSION } from '../../src/schedule/slots.js';
import { tzdataVersion } from '../../src/adapters/system/tzdata-version.js';
import { differingRows } from '../support/compare-read-models.js';
import { startEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { eventually } from '../support/eventually.js';
import { readTopic } from '../servers/kcat.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { openTcpProxy, type TcpProxy } from '../servers/tcp-proxy.js';
import type { KafkaBehindProxy } from '../servers/with-kafka-proxy.js';

/** The whole service, each of its servers behind a proxy that can take it away. */
export interface OutageService extends RunningApp {
  proxies: { eventstoredb: TcpProxy; mongodb: TcpProxy; kafka: TcpProxy };
  /** A job that comes due each second, and whose runs may overlap. */
  cronId: string;
  events(): Promise<RecordedEvent[]>;
  /** Which dependencies /readyz says are degraded. */
  degraded(): Promise<string[]>;
  /** Waits until nothing is degraded. */
  wellAgain(): Promise<true>;
  /** Ends the job, waits until everything is done, and says what is lost, doubled, out of order or different. */
  compare(): Promise<{ faults: string[]; repeated: number }>;
  /** Ends it with its proxies and its event store: the next one may need their ports. */
  stop(): Promise<void>;
}

const HEALED_WITHIN_MS = 60_000;

export async function startOutageService(kafka: KafkaBehindProxy, mongodb: string): Promise<OutageService> {
  const eventStore = await startEventStore();
  const mongo = new URL(mongodb);
  const proxies = {
    eventstoredb: await openTcpProxy(eventStore.host, eventStore.port),
    mongodb: await openTcpProxy(mongo.hostname, Number(mongo.port)),
    kafka: await kafka.openProxy(),
  };
  const prefix = `outage-${randomUUID()}.`;
  const running = await startApp({
    ALLOW_SECONDS: 'true',
    EVENTSTORE_URL: `esdb://127.0.0.1:${proxies.eventstoredb.port}?tls=false`,
    MONGODB_URL: `mongodb://127.0.0.1:${proxies.mongodb.port}/outage_${randomUUID().replaceAll('-', '')}`,
    KAFKA_BROKERS: kafka.proxied,
    KAFKA_TOPIC_PREFIX: prefix,
  });
  const { log, store, clock } = running.app.adapters;
  const job = { name: 'each second', cron_expression: '* * * * * *', concurrency_policy: 'allow' };
  const { body } = await running.call('POST', '', job);
  const cronId = body.id as string;

  // Each subscription that ends resets its HTTP/2 stream, and Node ends a session with too many resets (CVE-2023-44487).
  let read = { head: '', events: [] as RecordedEvent[] };
  async function events(): Promise<RecordedEvent[]> {
    const head = await log.head();
    if (read.head !== head) read = { head, events: await readWholeLog(log) };
    return read.events;
  }

  async function degraded(): Promise<string[]> {
    const { body } = await running.call('GET', `${running.address}/readyz`);
    const dependencies = Object.entries<{ status: string }>(body.dependencies);
    return dependencies.filter(([, { status }]) => status !== 'ok').map(([name]) => name);
  }
  const wellAgain = (): Promise<true> =>
    eventually('all is well', async () => (await degraded()).length === 0, HEALED_WITHIN_MS);
  await wellAgain();

  async function endOfJob(): Promise<RecordedEvent[]> {
    await wellAgain();
    await eventually('the job is disabled', async () => {
      return (await running.call('PUT', `/${cronId}`, { enabled: false })).status === 200;
    });
    return eventually(
      'all runs have ended',
      async () => {
        const all = await events();
        const of = (kind: string): number => all.filter(({ type }) => type === kind).length;
        return of('RunStarted') === of('RunCompleted') && all;
      },
      HEALED_WITHIN_MS,
    );
  }

  async function compare(): Promise<{ faults: string[]; repeated: number }> {
    const faults: string[] = [];
    const all = await endOfJob();
    await verifyLog(log, {
      today: { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: tzdataVersion },
      now: clock.now(),
      onFinding: ({ text }) => faults.push(text),
      onProgress: () => undefined,
    });
    // All have the key of the job, so they are in one partition: the topic must be the log.
    const published = await eventually(
      'everything is published',
      async () => {
        const messages = await readTopic(kafka.direct, `${prefix}certification-cron.events`);
        const ids = messages.map(({ headers }) => headers.ce_id ?? 'none');
        return ids.includes(all.at(-1)?.id ?? '') && ids;
      },
      HEALED_WITHIN_MS,
    );
    const once = [...new Set(published)];
    if (once.join() !== all.map(({ id }) => id).join()) faults.push('the topic is not the log');
    const rows = await eventually(
      'the read models are up',
      async () => {
        const checkpoints = await Promise.all(['jobs', 'audit'].map((name) => store.readCheckpoint(name)));
        return checkpoints.every((each) => (each?.position ?? '') >= (all.at(-1)?.position ?? ''));
      },
      HEALED_WITHIN_MS,
    ).then(() => differingRows(log, store));
    faults.push(...rows.map(({ text }) => text));
    return { faults, repeated: published.length - once.length };
  }

  return {
    ...running,
    proxies,
    cronId,
    events,
    degraded,
    wellAgain,
    compare,
    async stop() {
      await running.app.stop();
      for (const proxy of Object.values(proxies)) await proxy.close();
      eventStore.close();
    },
  };
}

import { afterEach, expect, it } from '@jest/globals';
import { LEADER_LEASE_STREAM } from '../../src/events/stream-names.js';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { followStream } from './stream-client.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const services: RunningApp[] = [];
let server: FakeEventStore | undefined;

afterEach(async () => {
  for (const { app } of services.splice(0)) await app.stop();
  server?.close();
});

it('each of two idle instances has one subscription, and reads twice a second at most', async () => {
  server = await startEventStore();
  const { storage, connectionString } = server;
  const callsOf = (method: 'read' | 'subscribe'): number => server?.callsOf(method) ?? NaN;
  const env = { DATA_DIR: temporaryFolder(), EVENTSTORE_URL: connectionString, LEASE_MS: '2000' };
  for (let instance = 0; instance < 2; instance++) services.push(await startApp(env));
  await services[0]?.call('POST', '', { name: 'nightly', cron_expression: '0 2 * * *' });
  const { log, store } = services[0]?.app.adapters ?? {};
  const head = (await log?.head()) ?? '';
  for (const group of ['jobs', 'reminders'] as const)
    await eventually(`${group} are projected`, async () => {
      return ((await store?.readCheckpoint(group))?.position ?? '') >= head;
    });
  await eventually('followers that had to catch up have joined', () => server?.openSubscriptions() === 2);

  // Who follows the events costs the server nothing either.
  const { api = '' } = services[0] ?? {};
  const stream = await followStream(`${api}/events/stream`);
  const renewals = (): number => storage.shownOf(LEADER_LEASE_STREAM).length;
  const before = { at: performance.now(), reads: callsOf('read'), subscribed: callsOf('subscribe') };
  const renewed = renewals();
  await eventually('the lease was renewed a few times', () => renewals() >= renewed + 4);
  const seconds = (performance.now() - before.at) / 1_000;
  stream.hangUp();
  expect(server.openSubscriptions()).toBe(2);
  expect(callsOf('subscribe')).toBe(before.subscribed);
  expect((callsOf('read') - before.reads) / services.length).toBeLessThanOrEqual(2 * seconds);
});

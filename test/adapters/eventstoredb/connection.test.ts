import { expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { jsonProposal } from '../../stand-ins/eventstoredb/stored-event.js';
import { selfSignedCertificate } from '../../support/self-signed-certificate.js';
import { eventStoreSession } from './event-store-session.js';
import { follow } from '../../support/follow.js';
import { append, appended, places, sampleEvents, wholeStream } from '../../support/sample-events.js';
import { openTcpProxy } from '../../servers/tcp-proxy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const session = eventStoreSession();
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' };

it('finds the leader of a cluster by gossip', async () => {
  const log = session.open({ url: session.server.discoveryString });
  await appended(log, 'cronJob-a', 0, 2);
  expect(session.server.callsOf('gossip')).toBeGreaterThan(0);
});

it('goes to the leader when it has reached another node, and again when the leader changes', async () => {
  const other = await session.start({ storage: session.server.storage });
  const log = session.open();
  session.server.faults.follow(other);
  await appended(log, 'cronJob-a', 0, 2);
  const following = follow(log, ['cronJob-']);
  await following.untilEvents(2);
  expect(other.callsOf('append')).toBe(1);
  session.server.faults.follow(undefined);
  other.faults.follow(session.server);
  await appended(log, 'cronJob-a', 2, 1);
  expect(await wholeStream(log, 'cronJob-a')).toHaveLength(3);
});

it('comes up with the server down, and works when it is there', async () => {
  const log = session.open();
  session.server.stop();
  const calls = [
    () => log.head(),
    () => append(log, 'cronJob-a', 0, sampleEvents(1)),
    () => wholeStream(log, 'cronJob-a'),
    () => follow(log, ['cronJob-']).untilCaughtUp(),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject(UNAVAILABLE);
  await session.server.restart();
  expect(await appended(log, 'cronJob-a', 0, 1)).toHaveLength(1);
});

it('says so, too, when no node of a cluster can be found', async () => {
  const url = `${session.server.discoveryString}&maxDiscoverAttempts=2&discoveryInterval=10`;
  const log = session.open({ url });
  session.server.stop();
  await expect(log.head()).rejects.toMatchObject(UNAVAILABLE);
  await expect(append(log, 'cronJob-a', 0, sampleEvents(1))).rejects.toMatchObject(UNAVAILABLE);
  await expect(follow(log, ['cronJob-'], '').untilCaughtUp()).rejects.toMatchObject(UNAVAILABLE);
  await session.server.restart();
  expect(await appended(log, 'cronJob-a', 0, 1)).toHaveLength(1);
});

it('fails in time when all nodes of a cluster hang', async () => {
  const proxy = await openTcpProxy(session.server.host, session.server.port);
  proxy.mode('hang');
  const hosts = Array.from({ length: 3 }, () => `127.0.0.1:${proxy.port}`).join();
  const log = session.open({ url: `esdb://${hosts}?tls=false` });
  const began = performance.now();
  await expect(append(log, 'cronJob-a', 0, sampleEvents(1))).rejects.toMatchObject(UNAVAILABLE);
  expect(performance.now() - began).toBeLessThan(6_000);
  await proxy.close();
});

it('fails in time when a read hangs', async () => {
  const log = session.open();
  session.server.faults.onReads('hang', 2);
  await expect(log.head()).rejects.toMatchObject(UNAVAILABLE);
  await expect(wholeStream(log, 'cronJob-a')).rejects.toMatchObject(UNAVAILABLE);
  expect(await log.head()).not.toBe('');
});

it('uses TLS and credentials of the URL, and never shows them', async () => {
  const certificate = selfSignedCertificate(temporaryFolder());
  const user = { name: 'admin', password: 'ch@nge/it' };
  const server = await session.start({ certificate, user });
  const as = (password: string): string =>
    server.connectionString.replace('://', `://admin:${encodeURIComponent(password)}@`);
  const log = session.open({ url: as(user.password), deadlineMs: 2_000 });
  await appended(log, 'cronJob-a', 0, 1);
  await log.setMaxCount('lease-a', 3);
  expect(server.callsOf('batch_append')).toBe(0);

  const refused = session.open({ url: as('wrong'), deadlineMs: 2_000 });
  const error = await append(refused, 'cronJob-a', 1, sampleEvents(1)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'StoreError', code: 'store_refused' });
  expect(String(error)).not.toContain('wrong');
});

it.each([
  [
    'an option that it does not know',
    'esdb://admin:s%40cret@host?tlsVerify=false',
    /number 1 of its options is no option/,
  ],
  [
    'conflicts that look like successes',
    'esdb://admin:s%40cret@host?throwOnAppendFailure=false',
    /no option/,
  ],
  [
    'a question mark in its password',
    'esdb://admin:s?cret@host:2113?other=1',
    /number 1 of its options is no option/,
  ],
  ['unverified certificates', 'esdb://admin:s%40cret@host?tlsVerifyCert=false', /always verified/],
  ['a port that is none', 'esdb://admin:s%40cret@host:port', /must look like/],
  ['a value that is none', 'esdb://admin:s%40cret@host?nodePreference=any', /must look like/],
  ['a file that is not there', 'esdb://admin:s%40cret@host?tlsCAFile=none.pem', /certificate file/],
])('refuses a URL with %s, and does not show its password', (_, url, reason) => {
  const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  let refused: unknown;
  try {
    session.open({ url });
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'store_refused', message: expect.stringMatching(reason) });
  expect(String((refused as Error).stack)).not.toContain('cret');
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

it('names the event that another program has put into a stream of ours', async () => {
  const log = session.open();
  await appended(log, 'cronJob-a', 0, 1);
  session.server.storage.write('cronJob-a', [jsonProposal(randomUUID(), 'Foreign', ['no object'])]);
  const damaged = { code: 'store_damaged', message: expect.stringContaining('cronJob-a@1') };
  await expect(wholeStream(log, 'cronJob-a')).rejects.toMatchObject(damaged);
  const following = follow(log, ['cronJob-']);
  await expect(following.untilEvents(2)).rejects.toMatchObject(damaged);
  expect(places(following.events())).toEqual(['cronJob-a@1']);
});

it.each(['', 'null', '[]', '{}', '{"actor":"test"}'])(
  'names the event whose metadata are not those of this service: %s',
  async (metadata) => {
    const log = session.open();
    const foreign = { ...jsonProposal(randomUUID(), 'Foreign', {}), metadata: Buffer.from(metadata) };
    session.server.storage.write('cronJob-b', [foreign]);
    const damaged = { code: 'store_damaged', message: expect.stringContaining('cronJob-b@0') };
    await expect(wholeStream(log, 'cronJob-b')).rejects.toMatchObject(damaged);
    await expect(follow(log, ['cronJob-']).untilCaughtUp()).rejects.toMatchObject(damaged);
  },
);

it('knows no event at a position where none begins', async () => {
  const log = session.open();
  const [first] = await appended(log, 'cronJob-a', 0, 2);
  const within = first?.position.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) ?? '';
  expect(await log.eventIdAt(within)).toBeUndefined();
  expect(
    await log.eventIdAt((await log.head()).replaceAll(/^0|-0/g, (zero) => zero.replace('0', '1'))),
  ).toBeUndefined();
});

it('knows no event at a position of another kind of log, and follows none', async () => {
  const log = session.open();
  await appended(log, 'cronJob-a', 0, 1);
  const foreign = '0000000000000000007';
  expect(await log.eventIdAt(foreign)).toBeUndefined();
  await expect(follow(log, ['cronJob-'], foreign).untilCaughtUp()).rejects.toMatchObject({
    code: 'store_damaged',
  });
});

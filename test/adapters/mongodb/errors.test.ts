import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { toStoreError } from '../../../src/adapters/mongodb/mongo-error.js';
import { openMongo } from '../../../src/adapters/mongodb/open-mongo.js';

const ping = (url: string): Promise<unknown> => {
  const mongo = openMongo(url);
  return mongo.run((database) => database.command({ ping: 1 })).finally(() => mongo.close());
};
const errorOf = (failing: Promise<unknown>): Promise<unknown> =>
  failing.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a MongoDB server that is not there', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Takes connections and never answers. */
  async function listenSilently(): Promise<number> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  async function freePort(): Promise<number> {
    const port = await listenSilently();
    closing.pop()?.();
    return port;
  }

  it.each([
    ['refuses', freePort, /ECONNREFUSED/],
    ['never answers', listenSilently, /timed out/],
  ])('names the server without its password, within seconds: it %s', async (_, open, reason) => {
    const port = await open();
    const started = performance.now();
    const error = await errorOf(
      ping(`mongodb://cron:s%33cret-word@127.0.0.1:${port}/mentors?authSource=admin`),
    );
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(error).toMatchObject({ name: 'StoreError', code: 'store_unavailable' });
    expect((error as Error).message).toMatch(
      new RegExp(`^mongodb://127\\.0\\.0\\.1:${port}/mentors: cannot be reached`),
    );
    expect((error as Error).message).toMatch(reason);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/cret-word/);
  });

  it('may be closed before it was ever reached, and then takes no more calls', async () => {
    const mongo = openMongo(`mongodb://127.0.0.1:${await freePort()}/`);
    await mongo.close();
    await mongo.close();
    await expect(mongo.run((database) => database.command({ ping: 1 }))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/was closed$/) as unknown,
    });
  });
});

describe('the URL of MongoDB', () => {
  it.each([
    ['mongodb://localhost', 'mongodb://localhost:27017/certification_cron'],
    ['mongodb://localhost/', 'mongodb://localhost:27017/certification_cron'],
    ['mongodb://localhost/?replicaSet=rs0', 'mongodb://localhost:27017/certification_cron'],
    ['mongodb://u:p@b:1,a:2/mentors?replicaSet=rs0', 'mongodb://b:1,a:2/mentors'],
    ['mongodb://u:p@[::1]:27018/with%20space', 'mongodb://[::1]:27018/with space'],
    ['mongodb+srv://u:p@cluster.example.org/mentors', 'mongodb://cluster.example.org/mentors'],
  ])('tells hosts and database: %s', async (url, server) => {
    const mongo = openMongo(url);
    expect(mongo.server).toBe(server);
    await mongo.close();
  });

  it.each([
    'no url cron:s3cret-word@host',
    'postgres://cron:s3cret-word@host/mentors',
    'mongodb://cron:s3cret-word@/mentors',
    'mongodb://cron:s3cret-word@a@b/mentors',
    'mongodb://cron:s3/cret-word@host/mentors',
    'mongodb://cron:s3cret-word@host:0/mentors',
    'mongodb://cron:s3cret-word@host/mentors?unknownOption=1',
    'mongodb://cron:s3cret-word%@host/mentors',
    'mongodb://cron:s3cret-word@host/men%tors',
    'mongodb://cron:s3cret-word@host:port/mentors',
  ])('is refused without telling its password: %s', (url) => {
    let thrown: unknown;
    try {
      openMongo(url);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'StoreError', code: 'store_refused' });
    expect((thrown as Error).message).toMatch(/^the URL of MongoDB cannot be used: ./);
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toMatch(/cret-word/);
  });
});

it.each([
  [18, 'store_refused', /the login was refused: check the user/],
  [8000, 'store_refused', /the server refuses/],
  [13, 'store_refused', /lacks rights/],
  [10334, 'store_refused', /larger than the server takes/],
  [14031, 'storage_full', /disk of the server is full/],
  [11600, 'store_unavailable', /cannot be used at the moment/],
])('error %i of MongoDB is %s', (code, storeCode, message) => {
  const cause = new MongoServerError({ message: 'as the server says', code });
  const error = toStoreError(cause, 'mongodb://host:1/db');
  expect(error).toMatchObject({ code: storeCode, cause });
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/^mongodb:\/\/host:1\/db: .* \(as the server says\)$/);
});

it.each([
  ['a login that Atlas refuses', new MongoServerError({ message: 'bad auth : failed', code: 8000 }), /login/],
  [
    'a document that the driver refuses',
    new Error('Document is larger than the maximum size 16777216'),
    /larger/,
  ],
])('%s is refused', (_, cause, message) => {
  const error = toStoreError(cause, 'mongodb://host:1/db');
  expect(error).toMatchObject({ code: 'store_refused', message: expect.stringMatching(message) as unknown });
});

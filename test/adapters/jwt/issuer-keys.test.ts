import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { errors, type JSONWebKeySet } from 'jose';
import { AccessError } from '../../../src/access/credentials.js';
import { fetchKeySet } from '../../../src/adapters/jwt/fetch-key-set.js';
import { createIssuerKeys } from '../../../src/adapters/jwt/issuer-keys.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const keyNamed = (kid: string) => ({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), kid });

describe('the keys of an issuer', () => {
  let clock: VirtualClock;
  let asked: number;
  let issuer: () => Promise<JSONWebKeySet>;
  let logger: ReturnType<typeof createCollectingLogger>;
  let find: (kid: string) => Promise<unknown>;

  beforeEach(() => {
    clock = createVirtualClock('2026-11-27T12:00:00.000Z');
    asked = 0;
    logger = createCollectingLogger();
    issuer = () => Promise.resolve({ keys: [keyNamed('one')] });
    const keys = createIssuerKeys({
      clock,
      logger,
      fetchKeySet: () => {
        asked++;
        return issuer();
      },
    });
    find = async (kid) => keys({ alg: 'EdDSA', kid }, { payload: '', signature: '' });
  });

  const down = () => Promise.reject(new Error('no answer'));
  const unavailable = expect.objectContaining({ code: 'credentials_unavailable' });

  /** How many of 200 that ask at once wait, and how many are refused meanwhile. */
  async function crowd(kid: string): Promise<{ waiting: number; refused: number }> {
    const faults: unknown[] = [];
    const asked = Array.from({ length: 200 }, () => find(kid).catch((fault: unknown) => faults.push(fault)));
    await clock.advance(0);
    const refused = faults.length;
    expect(faults).toEqual(faults.map(() => unavailable));
    return { waiting: asked.length - refused, refused };
  }

  it('are asked for once, however many want them', async () => {
    await Promise.all(Array.from({ length: 20 }, () => find('one')));
    await clock.advance(200_000);
    await find('one');
    expect(asked).toBe(1);
  });

  it('cannot be asked for: 200 requests ask once, and then nobody for 2 s', async () => {
    issuer = down;
    const refusals = await Promise.allSettled(Array.from({ length: 200 }, () => find('one')));
    expect(refusals.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(find('one')).rejects.toEqual(unavailable);
    expect(asked).toBe(1);
    expect(logger.lines).toHaveLength(1);
    await clock.advance(2_000);
    await expect(find('one')).rejects.toBeInstanceOf(AccessError);
    expect(asked).toBe(2);
    issuer = () => Promise.resolve({ keys: [keyNamed('one')] });
    await clock.advance(2_000);
    await find('one');
  });

  it('are waited for by 20 requests, while the issuer hangs: the others are refused at once', async () => {
    issuer = () => new Promise(() => undefined);
    expect(await crowd('one')).toEqual({ waiting: 20, refused: 180 });
    const late = find('one');
    await expect(late).rejects.toEqual(unavailable);
    await clock.advance(3_000);
    expect(asked).toBe(1);
  });

  it('do not keep a token by an unknown one for longer than 300 ms, and none by a known one', async () => {
    await find('one');
    let answer: (set: JSONWebKeySet) => void = () => undefined;
    issuer = () => new Promise((resolve) => (answer = resolve));
    await clock.advance(10_000);
    expect(await crowd('two')).toEqual({ waiting: 20, refused: 180 });
    await find('one');
    await clock.advance(299);
    await expect(find('two')).rejects.toEqual(unavailable);
    await clock.advance(1);
    const waits = find('two');
    const told = expect(waits).rejects.toEqual(unavailable);
    await clock.advance(300);
    await told;
    answer({ keys: [keyNamed('two')] });
    await clock.advance(0);
    await find('two');
    expect(asked).toBe(2);
  });

  it.each<[string, JSONWebKeySet]>([
    ['none', { keys: [] }],
    ['a secret', { keys: [{ kty: 'oct', k: 'AAAA', kid: 'one' }] }],
    ['a broken one', { keys: [{ ...keyNamed('one'), x: 'AAAA' }] }],
    ['one for encryption', { keys: [{ ...keyNamed('one'), use: 'enc' }] }],
  ])('are not replaced by %s', async (_, set) => {
    const good = issuer;
    issuer = () => Promise.resolve(set);
    await expect(find('one')).rejects.toEqual(unavailable);
    issuer = good;
    await clock.advance(2_000);
    await find('one');
    issuer = () => Promise.resolve(set);
    await clock.advance(301_000);
    await find('one');
    await clock.advance(0);
    await find('one');
    expect(asked).toBe(3);
    expect(JSON.stringify(logger.lines)).toContain('cannot be fetched');
  });

  it('are asked for again when a token names a new one, at most each 10 s', async () => {
    await find('one');
    issuer = () => Promise.resolve({ keys: [keyNamed('two')] });
    await expect(find('two')).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    await clock.advance(10_000);
    await find('two');
    await expect(find('one')).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    for (let nth = 0; nth < 50; nth++)
      await expect(find(`made-up-${nth}`)).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    expect(asked).toBe(2);
  });

  it('go on to be used for an hour while the issuer is down, and nobody waits for it', async () => {
    await find('one');
    issuer = () => new Promise(() => undefined);
    await clock.advance(301_000);
    await find('one');
    await find('one');
    expect(asked).toBe(2);
  });

  it('are not believed longer than that', async () => {
    await find('one');
    issuer = down;
    await clock.advance(3_590_000);
    await find('one');
    await clock.advance(11_000);
    await expect(find('one')).rejects.toEqual(unavailable);
  });

  it('are replaced in the background when they are old', async () => {
    await find('one');
    issuer = () => Promise.resolve({ keys: [keyNamed('two')] });
    await clock.advance(301_000);
    await find('one');
    await clock.advance(0);
    await find('two');
    expect(asked).toBe(2);
  });
});

describe('the answer of an issuer', () => {
  let server: Server;
  let answer: RequestListener;
  let url: URL;

  beforeEach(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetched = (clock = systemClock, ending = new AbortController().signal) =>
    fetchKeySet(url, clock, ending);

  it('is a set of keys', async () => {
    const set = { keys: [keyNamed('one')] };
    answer = (_, response) => response.end(JSON.stringify(set));
    expect(await fetched()).toEqual(set);
  });

  it.each<[string, string, RequestListener]>([
    ['another status', 'the status 500', (_, response) => response.writeHead(500).end()],
    ['a redirect', 'the status 302', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['no JSON', 'not valid JSON', (_, response) => response.end('<html>')],
    ['another shape', 'no key set', (_, response) => response.end('{"keys":[7]}')],
    ['an endless body', 'more than 262144 bytes', (_, response) => response.end('x'.repeat(300_000))],
  ])('with %s is refused', async (_, reason, listener) => {
    answer = (request, response) => {
      if (request.url === '/keys') listener(request, response);
      else response.end(JSON.stringify({ keys: [keyNamed('elsewhere')] }));
    };
    await expect(fetched()).rejects.toThrow(reason);
  });

  it('is waited for 3 s, and not while the service stops', async () => {
    const clock = createVirtualClock('2026-11-27T12:00:00.000Z');
    answer = () => undefined;
    const late = fetched(clock);
    const told = expect(late).rejects.toThrow('no answer within 3000 ms');
    await clock.advance(3_000);
    await told;
    const ending = new AbortController();
    const stopped = fetched(clock, ending.signal);
    ending.abort(null);
    await expect(stopped).rejects.toBeNull();
  });
});

import { randomBytes } from 'node:crypto';
import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hashOf, keyText, type ApiKey } from '../../../src/access/api-keys.js';
import { principalOfClaims, type ScopeClaims } from '../../../src/access/claims.js';
import { createCredentials } from '../../../src/access/create-credentials.js';
import { AccessError, type Presented, type Refusal } from '../../../src/access/credentials.js';
import { isTrustedAddress } from '../../../src/access/is-trusted-address.js';
import { createPrincipal, SCOPES, type Scope } from '../../../src/access/principal.js';

const KEY = keyText(randomBytes(32));
const NEXT_KEY = keyText(randomBytes(32));
const TOKEN = 'ey.token.sig';
const NOW = Date.parse('2026-11-27T12:00:00Z');
const proxy = '10.0.0.7';

const keyOf = (text: string, more: Partial<ApiKey> = {}): ApiKey => ({
  name: 'sync',
  hash: hashOf(text),
  scopes: ['read'],
  expiresAt: null,
  ...more,
});
const addresses = new BlockList();
addresses.addAddress(proxy, 'ipv4');
addresses.addSubnet('10.1.0.0', 16, 'ipv4');
addresses.addSubnet('fd00::', 8, 'ipv6');
const trusts = (address: string | undefined): boolean => isTrustedAddress(addresses, address);
const proxies = { header: 'x-user', trusts, scopes: ['read'] as const };
const tokens = (token: string) =>
  token === TOKEN
    ? Promise.resolve(createPrincipal('user:anna', ['write']))
    : Promise.reject(new AccessError('unauthorized', 'wrong', 'invalid_token'));
const kinds = { now: () => NOW, keys: () => [keyOf(KEY)], tokens, proxies };
const all = createCredentials(kinds);
const nothing: Presented = {
  authorization: undefined,
  apiKey: undefined,
  actor: undefined,
  remoteAddress: '192.0.2.1',
};
const bearer = (text: string): Presented => ({ ...nothing, authorization: `Bearer ${text}` });

async function refusal(presented: Partial<Presented>, credentials = all): Promise<Refusal> {
  const error: unknown = await credentials.identify({ ...nothing, ...presented }).then(
    ({ actor }) => actor,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AccessError);
  return (error as AccessError).reason;
}

describe('a key', () => {
  it.each<[string, Partial<Presented>]>([
    ['Authorization', { authorization: `Bearer ${KEY}` }],
    ['a scheme in small letters, and blanks', { authorization: `bearer   ${KEY}` }],
    ['X-API-Key', { apiKey: KEY }],
    ['both, the same', { authorization: `Bearer ${KEY}`, apiKey: KEY }],
  ])('is shown by %s', async (_, shown) => {
    expect(await all.identify({ ...nothing, ...shown })).toEqual(createPrincipal('key:sync', ['read']));
  });

  it.each<[Refusal, Partial<Presented>]>([
    ['no_credential', {}],
    ['two_credentials', { authorization: `Bearer ${KEY}`, apiKey: NEXT_KEY }],
    ['two_credentials', { authorization: `Bearer ${TOKEN}`, apiKey: KEY }],
    ['two_credentials', { apiKey: KEY, actor: 'anna', remoteAddress: proxy }],
    ['unknown_key', { apiKey: '' }],
    ['unknown_key', { apiKey: TOKEN }],
    ['unknown_key', { apiKey: `${KEY}, ${KEY}` }],
    ['unknown_key', { authorization: `Bearer ${NEXT_KEY}` }],
    ['invalid_token', { authorization: `Bearer ${KEY} ${KEY}` }],
    ['invalid_token', { authorization: 'Bearer ' }],
    ['invalid_token', { authorization: KEY }],
    ['invalid_token', { authorization: '' }],
    ['invalid_token', { authorization: `Basic ${Buffer.from(`sync:${KEY}`).toString('base64')}` }],
    ['invalid_token', { authorization: `Bearer ${KEY.toUpperCase()}` }],
    ['invalid_token', { authorization: `Bearer\u00a0${KEY}` }],
    ['invalid_token', { authorization: `Bearer ${KEY}\0` }],
    ['invalid_token', { authorization: 'Bearer other' }],
  ])('%s: %j', async (reason, shown) => {
    expect(await refusal(shown)).toBe(reason);
  });

  it('is let in by no other header than its own', async () => {
    const other = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(other, other, fc.boolean(), async (before, after, isKey) => {
        fc.pre(!/^ *$/.test(before + after));
        const text = before + KEY + after;
        await refusal(isKey ? { apiKey: text } : { authorization: `Bearer ${text}` });
      }),
      { numRuns: 300 },
    );
  });

  it('is rotated by a second entry of its name, each with its own scopes and end', async () => {
    const rotated = createCredentials({
      ...kinds,
      keys: () => [keyOf(KEY, { expiresAt: NOW + 1 }), keyOf(NEXT_KEY, { scopes: ['admin'] })],
    });
    expect(await rotated.identify(bearer(KEY))).toEqual(createPrincipal('key:sync', ['read']));
    expect(await rotated.identify(bearer(NEXT_KEY))).toEqual(createPrincipal('key:sync', ['admin']));
    const later = createCredentials({ ...kinds, keys: () => [keyOf(KEY, { expiresAt: NOW })] });
    expect(await refusal(bearer(KEY), later)).toBe('expired_key');
  });

  it('counts for as long as it is in force', async () => {
    let inForce = [keyOf(KEY)];
    const credentials = createCredentials({ ...kinds, keys: () => inForce });
    expect((await credentials.identify(bearer(KEY))).actor).toBe('key:sync');
    inForce = [];
    expect(await refusal(bearer(KEY), credentials)).toBe('unknown_key');
  });

  it('never leaves by a refusal', async () => {
    const error: unknown = await all.identify(bearer(NEXT_KEY)).catch((thrown: unknown) => thrown);
    expect((error as Error).message).not.toContain(NEXT_KEY);
  });
});

describe('a token', () => {
  it('is shown by Authorization', async () => {
    expect(await all.identify(bearer(TOKEN))).toEqual(createPrincipal('user:anna', ['write']));
  });

  it('is none where tokens are not configured, and a key is none where keys are not', async () => {
    const onlyKeys = createCredentials({ ...kinds, tokens: undefined });
    expect(await refusal(bearer(TOKEN), onlyKeys)).toBe('unknown_key');
    const onlyTokens = createCredentials({ ...kinds, keys: undefined });
    expect(await refusal(bearer(KEY), onlyTokens)).toBe('unknown_key');
    expect(await refusal({ apiKey: KEY }, onlyTokens)).toBe('no_credential');
  });

  const claims = (more: object): Record<string, unknown> => ({ sub: 'anna', ...more });
  const bare: ScopeClaims = { claim: undefined, prefix: '' };
  const named = (more: object, where = bare): Scope[] => [...principalOfClaims(claims(more), where).scopes];

  it.each<[object, Scope[]]>([
    [{}, []],
    [{ scope: 'read people openid' }, ['read', 'people']],
    [{ scope: 'READ x-admin admin2' }, []],
    [{ scp: ['read', 'operate', 7, null] }, ['read', 'operate']],
    [{ scp: 'write' }, ['write']],
    [{ scope: '', scp: 'write' }, []],
    [{ scope: { admin: true } }, []],
    [{ scope: 'admin' }, ['admin', 'read', 'operate', 'write']],
  ])('allows what its claims say: %j', (more, scopes) => {
    expect(named(more).sort()).toEqual([...scopes].sort());
  });

  it('may have them in another claim, behind a prefix', () => {
    const where = { claim: 'roles', prefix: 'cron:' };
    expect(named({ roles: ['cron:read', 'admin', 'other:cron:admin'], scope: 'cron:write' }, where)).toEqual([
      'read',
    ]);
  });

  it.each([
    ...[undefined, null, 7, '', 'a\nb', 'a\0', 'x'.repeat(129), 'a\u202eb', '\ud800', 'a\u2028b', {}],
    ...[
      ' ',
      '\u00a0',
      '\u3000 \u2003',
      ' anna',
      'anna ',
      '\u00a0anna',
      'anna\u00a0',
      '\u3164',
      '\u2800',
      '\u0301',
    ],
    ...[
      '\u200c',
      '\u200danna',
      'anna\u200c',
      'a\u200c\u200cb',
      'a \u200db',
      'a\u2066b',
      'a\u200eb',
      'a\ufeffb',
    ],
  ])('names nobody by the subject %j', (sub) => {
    expect(() => principalOfClaims({ sub }, bare)).toThrow(AccessError);
  });

  it.each([
    ...['anna', 'Ännchen Müller', 'auth0|7', '🎓', 'scheduler', 'x'.repeat(128)],
    ...['می\u200cخواهم', 'क्\u200dष', '👩\u200d🎓', '❤️\u200d🔥', 'A\u0308nn', 'a\u00a0b', '👍️'],
  ])('names whoever has the subject %j, apart from the parts of the service', (sub) => {
    expect(principalOfClaims({ sub }, bare).actor).toBe(`user:${sub}`);
  });
});

describe('the header of a proxy', () => {
  it.each([
    proxy,
    `::ffff:${proxy}`,
    '::ffff:a00:7',
    '10.1.2.3',
    '::ffff:10.1.255.255',
    'fd12::1',
    'fd12::1%eth0',
  ])('counts from %s', async (remoteAddress) => {
    const principal = await all.identify({ ...nothing, actor: 'anna', remoteAddress });
    expect(principal).toEqual(createPrincipal('proxy:anna', ['read']));
  });

  it.each([
    '10.0.0.8',
    '::ffff:10.0.0.8',
    '10.2.0.1',
    '::1',
    '127.0.0.1',
    'fe80::1',
    undefined,
    '',
    'localhost',
  ])('is refused from %s, whatever is shown beside it', async (remoteAddress) => {
    expect(await refusal({ actor: 'anna', remoteAddress })).toBe('actor_not_trusted');
    expect(await refusal({ actor: 'anna', remoteAddress, apiKey: KEY })).toBe('actor_not_trusted');
    expect(await refusal({ actor: '', remoteAddress })).toBe('actor_not_trusted');
  });

  it.each(['', 'a\tb', 'a\u0000', 'x'.repeat(129), '\ufffd', 'a\u200bb'])(
    'names nobody by %j',
    async (actor) => {
      expect(await refusal({ actor, remoteAddress: proxy })).toBe('invalid_actor');
    },
  );

  it('missing, a proxy is nobody', async () => {
    expect(await refusal({ remoteAddress: proxy })).toBe('no_credential');
    expect((await all.identify({ ...bearer(KEY), remoteAddress: proxy })).actor).toBe('key:sync');
  });

  it('counts beside what a proxy passes on where nothing else is configured', async () => {
    const only = createCredentials({ ...kinds, keys: undefined, tokens: undefined });
    const passed = { ...bearer(KEY), apiKey: KEY, actor: 'anna', remoteAddress: proxy };
    expect((await only.identify(passed)).actor).toBe('proxy:anna');
    expect(await refusal(bearer(KEY), only)).toBe('no_credential');
    const noProxies = createCredentials({ ...kinds, proxies: undefined });
    expect((await noProxies.identify({ ...bearer(KEY), actor: 'anna' })).actor).toBe('key:sync');
  });

  it('never makes an actor of another kind, or a part of the service', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('scheduler', 'key:sync', 'anonymous'),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (actor, isProxy) => {
        const remoteAddress = isProxy ? proxy : '192.0.2.1';
        const who = await all.identify({ ...nothing, actor, remoteAddress }).catch(() => undefined);
        expect([undefined, isProxy ? `proxy:${actor}` : undefined]).toContain(who?.actor);
        if (who !== undefined) expect([...who.scopes].every((scope) => SCOPES.includes(scope))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

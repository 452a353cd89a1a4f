import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { AccessError } from '../../../src/access/credentials.js';
import type { Principal } from '../../../src/access/principal.js';
import { createTokenVerifier } from '../../../src/adapters/jwt/verify-token.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const NOW = '2026-11-27T12:00:00.000Z';
const now = Date.parse(NOW) / 1_000;
const CANARY = 'Can4ryWord';
const claims = { iss: 'https://id.example', aud: 'cron', sub: 'anna', exp: now + 60, scope: 'read write' };

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let spki: string;
let verify: (token: string) => Promise<Principal>;
const logger = createCollectingLogger();

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  spki = await exportSPKI(keys.publicKey);
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const set = {
    keys: [
      { ...(await exportJWK(keys.publicKey)), kid: 'one' },
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' },
      { kty: 'oct', k: Buffer.from(CANARY).toString('base64url'), kid: 'secret' },
      { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'broken' },
    ],
  };
  const rules = {
    issuer: claims.iss,
    audience: claims.aud,
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    scopes: { claim: undefined, prefix: '' },
  };
  const clock = createVirtualClock(NOW);
  verify = createTokenVerifier(rules, { clock, logger, keys: createLocalJWKSet(set) });
});

/** Claims instead of the right ones; undefined: without it. */
type Changed = Partial<Record<keyof JWTPayload, unknown>>;

function sign(more: Changed = {}, header: object = {}): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries<unknown>({ ...claims, ...more }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(keys.privateKey);
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token whose signature is made of the public key, as if that were a secret. */
function bySecret(secret: string, header: object = { alg: 'HS256', kid: 'one' }): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

async function refusal(token: string): Promise<string> {
  const error: unknown = await verify(token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AccessError);
  const { code, message, reason } = error as AccessError;
  expect([code, reason]).toEqual(['unauthorized', 'invalid_token']);
  expect(message).not.toContain(CANARY);
  return message;
}

describe('a token', () => {
  it('of the issuer for this audience names its subject, with its scopes', async () => {
    const { actor, scopes } = await verify(await sign());
    expect([actor, ...scopes]).toEqual(['user:anna', 'read', 'write']);
    expect((await verify(await sign({ aud: ['other', 'cron'] }))).actor).toBe('user:anna');
  });

  it.each<[string, Changed, string]>([
    ['another issuer', { iss: `https://${CANARY}` }, 'its claim iss'],
    ['no issuer', { iss: undefined }, 'its claim iss'],
    ['another audience', { aud: CANARY }, 'its claim aud'],
    ['no audience', { aud: undefined }, 'its claim aud'],
    ['an end in the past', { exp: now - 31 }, 'it has expired'],
    ['no end', { exp: undefined }, 'its claim exp'],
    ['an end that is a text', { exp: CANARY }, 'its claim exp'],
    ['a beginning in the future', { nbf: now + 31 }, 'its claim nbf'],
    ['no subject', { sub: undefined }, 'its claim sub'],
    ['a subject of two lines', { sub: `${CANARY}\n` }, 'its claim sub must be 1 to 128'],
  ])('with %s is refused', async (_, more, reason) => {
    expect(await refusal(await sign(more))).toContain(reason);
  });

  it('is accepted while the clocks differ by 30 s', async () => {
    expect((await verify(await sign({ exp: now - 29, nbf: now + 29 }))).actor).toBe('user:anna');
  });

  it('without a signature, or by a secret, is refused', async () => {
    const none = `${part({ alg: 'none' })}.${part(claims)}.`;
    expect(await refusal(none)).toContain('algorithm');
    expect(await refusal(`${part({ alg: 'NONE' })}.${part(claims)}.x`)).toContain('algorithm');
    expect(await refusal(bySecret(spki))).toContain('algorithm');
    expect(await refusal(bySecret(CANARY, { alg: 'HS256', kid: 'secret' }))).toContain('algorithm');
    expect(await refusal(bySecret(spki, { alg: 'ES256', kid: 'one' }))).toContain('signature');
  });

  it.each<[object, string]>([
    [{ kid: CANARY }, 'no key for it'],
    [{ kid: '../../etc/passwd' }, 'no key for it'],
    [{ kid: "' OR 1=1 --" }, 'no key for it'],
    [{ kid: 'rsa' }, 'no key for it'],
    [{ kid: 'broken' }, 'cannot be used'],
    [{ jku: `https://${CANARY}`, kid: 'two' }, 'no key for it'],
  ])('with the header %j is refused', async (header, reason) => {
    expect(await refusal(await sign({}, header))).toContain(reason);
  });

  it('with a key of its own is refused', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'one', jwk })
      .sign(own.privateKey);
    expect(await refusal(token)).toContain('signature');
  });

  it('of an issuer whose keys have no names is checked by each of them, up to 5', async () => {
    const pairs = await Promise.all(
      Array.from({ length: 5 }, () => generateKeyPair('ES256', { extractable: true })),
    );
    const nameless = await Promise.all([...pairs, keys].map(({ publicKey }) => exportJWK(publicKey)));
    const rules = {
      issuer: claims.iss,
      audience: claims.aud,
      algorithms: ['ES256'],
      scopes: { claim: undefined, prefix: '' },
    };
    const among = (set: typeof nameless) =>
      createTokenVerifier(rules, {
        clock: createVirtualClock(NOW),
        logger,
        keys: createLocalJWKSet({ keys: set }),
      });
    const token = await sign({}, { kid: undefined });
    expect((await among(nameless.slice(1))(token)).actor).toBe('user:anna');
    await expect(among(nameless)(token)).rejects.toThrow('which of more than 5 keys');
    await expect(among(nameless.slice(0, 2))(token)).rejects.toThrow('signature');
    const expired = await sign({ exp: now - 31 }, { kid: undefined });
    await expect(among(nameless.slice(4))(expired)).rejects.toThrow('expired');
  });

  it('that was changed is refused, wherever', async () => {
    const token = await sign();
    const [header = '', , signature = ''] = token.split('.');
    expect(await refusal(`${header}.${part({ ...claims, scope: 'admin' })}.${signature}`)).toContain(
      'signature',
    );
    await refusal(`${header}..${signature}`);
    await refusal(`${token}.${token}`);
    await refusal(`${header}.${part(null)}.${signature}`);
    expect(await refusal(`${token}${'A'.repeat(8_192)}`)).toContain('8192 characters');
  });

  it('that is any other text is refused', async () => {
    const piece = fc.oneof(
      fc.base64String({ maxLength: 60 }),
      fc.json({ maxDepth: 1 }).map((text) => Buffer.from(text).toString('base64url')),
      fc.constantFrom(
        part({ alg: 'ES256', kid: 'one' }),
        part({ alg: 'ES256', crit: [CANARY] }),
        part(claims),
      ),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        await refusal(token);
      }),
      { numRuns: 300 },
    );
  });

  it('writes no line, except for a key of the issuer that is broken', () => {
    const told = logger.lines.map(({ message }) => message);
    expect(new Set(told)).toEqual(new Set(['a key of the token issuer cannot be used']));
  });
});

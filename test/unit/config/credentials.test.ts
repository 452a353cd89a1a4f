import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTrustedAddress } from '../../../src/access/is-trusted-address.js';
import { ConfigError, loadConfig } from '../../../src/config/config.js';
import { refuseOpenPort } from '../../../src/service/refuse-open-port.js';

const JWT = {
  JWT_JWKS_URL: 'https://id.example.com/keys',
  JWT_ISSUER: 'https://id.example.com/',
  JWT_AUDIENCE: 'cron',
};
const PROXIES = { ACTOR_HEADER: 'X-User', TRUSTED_PROXIES: '10.0.0.7' };

describe('the credentials', () => {
  it('are none by default, and of each kind by its variables', () => {
    expect(
      loadConfig({ API_KEYS_FILE: '', JWT_ISSUER: '', TRUSTED_PROXIES: '' }).credentials,
    ).toBeUndefined();
    expect(loadConfig({ API_KEYS_FILE: 'keys.json' }).credentials).toEqual({ keysFile: 'keys.json' });
    expect(loadConfig(JWT).credentials?.tokens).toEqual({
      keysUrl: new URL('https://id.example.com/keys'),
      issuer: 'https://id.example.com/',
      audience: 'cron',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      scopesClaim: undefined,
      scopesPrefix: '',
    });
    const more = { JWT_ALGORITHMS: 'ES256, EdDSA', JWT_SCOPES_CLAIM: 'roles', JWT_SCOPES_PREFIX: 'cron:' };
    expect(loadConfig({ ...JWT, ...more }).credentials?.tokens).toMatchObject({
      algorithms: ['ES256', 'EdDSA'],
      scopesClaim: 'roles',
      scopesPrefix: 'cron:',
    });
    expect(loadConfig(PROXIES).credentials?.proxies).toMatchObject({ header: 'x-user', scopes: ['read'] });
    expect(loadConfig({ ...PROXIES, ACTOR_SCOPES: 'people,write' }).credentials?.proxies?.scopes).toEqual([
      'write',
      'people',
    ]);
  });

  it.each(['http://localhost:1/x', 'http://127.0.0.1/x', 'http://[::1]:8080/x', 'https://a/x?b=c'])(
    'take keys from %s',
    (JWT_JWKS_URL) => {
      expect(loadConfig({ ...JWT, JWT_JWKS_URL }).credentials?.tokens?.keysUrl.href).toBe(JWT_JWKS_URL);
    },
  );

  it.each<[string, string, string]>([
    ['10.0.0.7,10.1.0.0/16', '10.1.255.255', '10.2.0.0'],
    [' 10.0.0.7 , fd00:1::/32', 'fd00:1:ffff::1', 'fd00:2::'],
    ['::1', '::1', '::2'],
    ['127.0.0.1/32', '127.0.0.1', '127.0.0.2'],
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['fd00::/16', 'fd00:ffff::', 'fd01::'],
    ['::ffff:10.1.0.0/112', '10.1.255.255', '10.2.0.0'],
    ['::FFFF:0a00:7', '10.0.0.7', '10.0.0.8'],
    ['2001:db8:0:0:1::/80', '2001:db8::1:0:0:7', '2001:db8::2:0:0:7'],
  ])('take the proxies %s', (TRUSTED_PROXIES, inside, outside) => {
    const addresses = loadConfig({ ...PROXIES, TRUSTED_PROXIES }).credentials?.proxies?.addresses;
    const trusts = (address: string): unknown => addresses && isTrustedAddress(addresses, address);
    expect([trusts(inside), trusts(outside)]).toEqual([true, false]);
    if (inside.includes('.')) expect(trusts(`::ffff:${inside}`)).toBe(true);
  });

  it('trust the range of a prefix, and nothing else', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const numberOf = (parts: number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);
    fc.assert(
      fc.property(
        octets,
        fc.integer({ min: 0, max: 32 }),
        octets,
        fc.boolean(),
        (base, bits, other, isMapped) => {
          const size = 2 ** (32 - bits);
          const TRUSTED_PROXIES = isMapped
            ? `::ffff:${base.join('.')}/${bits + 96}`
            : `${base.join('.')}/${bits}`;
          const load = () => loadConfig({ ...PROXIES, TRUSTED_PROXIES }).credentials?.proxies?.addresses;
          if (bits < 8 || numberOf(base) % size !== 0) {
            expect(load).toThrow(ConfigError);
            return;
          }
          const addresses = load();
          const isInside = Math.floor(numberOf(other) / size) === numberOf(base) / size;
          expect(addresses && isTrustedAddress(addresses, other.join('.'))).toBe(isInside);
        },
      ),
    );
  });

  it.each([
    'X-Forwarded-User',
    'X-Auth-Request-Email',
    'Remote-User',
    'Tailscale-User-Login',
    'X-Goog-Authenticated-User-Id',
  ])('take the name of a sender from %s', (ACTOR_HEADER) => {
    expect(loadConfig({ ...PROXIES, ACTOR_HEADER }).credentials?.proxies?.header).toBe(
      ACTOR_HEADER.toLowerCase(),
    );
  });

  it.each<[Record<string, string>, string]>([
    [{ ...JWT, JWT_JWKS_URL: 'http://id.example.com/keys' }, 'JWT_JWKS_URL must be an https:// URL'],
    [{ ...JWT, JWT_JWKS_URL: 'http://127.0.0.1.example.com/' }, 'https:// URL'],
    [{ ...JWT, JWT_JWKS_URL: 'https://user:word@id.example.com/keys' }, 'without user and password'],
    [{ ...JWT, JWT_JWKS_URL: 'file:///etc/keys' }, 'https:// URL'],
    [{ ...JWT, JWT_JWKS_URL: 'keys' }, 'https:// URL'],
    [{ ...JWT, JWT_ISSUER: '' }, 'JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE must be set together'],
    [{ JWT_AUDIENCE: 'x' }, 'must be set together'],
    [{ ...JWT, JWT_ALGORITHMS: 'RS256,HS256' }, 'JWT_ALGORITHMS must be one or several of RS256'],
    [{ ...JWT, JWT_ALGORITHMS: 'none' }, 'JWT_ALGORITHMS must be'],
    [{ ...JWT, JWT_ALGORITHMS: 'RS256,' }, 'JWT_ALGORITHMS must be'],
    [{ ...JWT, JWT_SCOPES_PREFIX: 'a b' }, 'JWT_SCOPES_PREFIX must be up to 100'],
    [{ JWT_ALGORITHMS: 'RS256' }, 'JWT_ALGORITHMS set, but JWT_JWKS_URL is not'],
    [{ ACTOR_SCOPES: 'read' }, 'ACTOR_SCOPES set, but ACTOR_HEADER is not'],
    [{ ACTOR_HEADER: 'x-user' }, 'ACTOR_HEADER, TRUSTED_PROXIES must be set together'],
    [{ TRUSTED_PROXIES: '10.0.0.7' }, 'must be set together'],
    ...[
      ...[
        'Authorization',
        'Cookie',
        'Set-Cookie',
        'X-Forwarded-For',
        'Forwarded',
        'Via',
        'X-Real-IP',
        'Content-Length',
      ],
      ...[
        'content-type',
        'Transfer-Encoding',
        'TE',
        'Upgrade',
        'Keep-Alive',
        'Proxy-Connection',
        'Host',
        'Accept',
      ],
      ...['Sec-Fetch-Site', 'If-Match', 'Origin', 'User-Agent', 'Expect', 'X-Request-Id', 'X-API-Key'],
    ].map((ACTOR_HEADER): [Record<string, string>, string] => [
      { ...PROXIES, ACTOR_HEADER },
      'ACTOR_HEADER must be the name of a header that has no other meaning',
    ]),
    [{ ...PROXIES, ACTOR_HEADER: 'x user' }, 'ACTOR_HEADER must be'],
    [{ ...PROXIES, ACTOR_SCOPES: 'all' }, 'ACTOR_SCOPES must be one or several of read, operate'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.7,' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: 'gateway' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.0/8/8' }, 'TRUSTED_PROXIES must be addresses'],
    ...[
      ...['0.0.0.0/0', '0.0.0.0/1,128.0.0.0/1', '10.0.0.0/7', '::/0', '::/1', 'fd00::/8', '::ffff:0:0/96'],
      ...[
        '::ffff:0:0/103',
        '::/80',
        '10.0.0.7/8',
        'fd00::1/64',
        '10.0.0.0/08',
        '::1/0128',
        '::1/129',
        '10.0.0.0/',
      ],
    ].map((TRUSTED_PROXIES): [Record<string, string>, string] => [
      { ...PROXIES, TRUSTED_PROXIES },
      'TRUSTED_PROXIES must be addresses',
    ]),
    [{ ...PROXIES, TRUSTED_PROXIES: 'fe80::1%eth0' }, 'TRUSTED_PROXIES must be addresses'],
    [{ API_KEYS_FILE: 'x', ALLOW_ANONYMOUS: 'true' }, 'ALLOW_ANONYMOUS is true, and API_KEYS_FILE set: drop'],
    [{ ...JWT, ALLOW_ANONYMOUS: 'true' }, 'JWT_JWKS_URL set: drop'],
  ])('are refused: %j', (env, reason) => {
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(reason);
  });

  it('open a port that others reach', () => {
    const refuse = (env: Record<string, string>) => () => {
      refuseOpenPort(loadConfig({ HOST: '0.0.0.0', ...env }));
    };
    expect(refuse({})).toThrow('set API_KEYS_FILE, JWT_JWKS_URL or ACTOR_HEADER');
    for (const env of [{ API_KEYS_FILE: 'x' }, JWT, PROXIES]) expect(refuse(env)).not.toThrow();
  });
});

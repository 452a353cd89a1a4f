import { describe, expect, it } from '@jest/globals';
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

  it.each(['10.0.0.7,10.1.0.0/16', ' 10.0.0.7 , fd00::/8', '::1', '127.0.0.1/32'])(
    'take the proxies %s',
    (TRUSTED_PROXIES) => {
      expect(loadConfig({ ...PROXIES, TRUSTED_PROXIES }).credentials?.proxies).toBeDefined();
    },
  );

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
    [{ ...PROXIES, ACTOR_HEADER: 'Authorization' }, 'ACTOR_HEADER must be the name of a header, none of'],
    [{ ...PROXIES, ACTOR_HEADER: 'x user' }, 'ACTOR_HEADER must be'],
    [{ ...PROXIES, ACTOR_SCOPES: 'all' }, 'ACTOR_SCOPES must be one or several of read, operate'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.7,' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: 'gateway' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: '10.0.0.0/8/8' }, 'TRUSTED_PROXIES must be addresses'],
    [{ ...PROXIES, TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES must be addresses'],
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

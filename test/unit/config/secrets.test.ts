import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ConfigError, loadConfig } from '../../../src/config/config.js';

const CANARY = 'Can4ryWord';
/** What people write around a password, right and wrong. */
const around = fc.array(
  fc.constantFrom(
    ...[
      'mongodb',
      'esdb+discover',
      'kafka',
      ':',
      '/',
      '//',
      '://',
      '@',
      '@@',
      '?',
      '&',
      '=',
      ';',
      ',',
      '%',
      ' ',
      '\n',
    ],
    ...[
      'admin',
      'admin:',
      'db',
      ':27017',
      '[::1]',
      'Password=',
      'sasl.password=',
      'tls=true',
      '\\',
      '"',
      '#',
    ],
  ),
  { maxLength: 8 },
);
const value = fc.tuple(around, around).map(([before, after]) => before.join('') + CANARY + after.join(''));
const MAY_HOLD_SECRETS = [
  ...[
    'EVENTSTORE_URL',
    'MONGODB_URL',
    'KAFKA_BROKERS',
    'KAFKA_SSL',
    'KAFKA_SSL_CA_FILE',
    'KAFKA_SSL_KEY_FILE',
  ],
  ...['API_KEYS_FILE', 'JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_SCOPES_CLAIM'],
  ...['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD', 'KAFKA_TOPIC_PREFIX'],
];
const environment = fc.dictionary(fc.constantFrom(...MAY_HOLD_SECRETS), value, {
  minKeys: 1,
  noNullPrototype: true,
});

const refusal = (env: Record<string, string>): string | undefined => {
  try {
    loadConfig(env);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).stack;
  }
};

it('a malformed value that may hold a secret is never repeated, whatever its shape', () => {
  fc.assert(
    fc.property(environment, (env) => {
      const text = refusal(env);
      if (text !== undefined) expect(text.toLowerCase()).not.toContain(CANARY.toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['MONGODB_URL', `mongodb:/admin:${CANARY}@db`, 'mongodb:// or mongodb+srv://'],
  ['MONGODB_URL', `mongodb://admin:x@${CANARY}@db`, 'write each of'],
  ['MONGODB_URL', `mongodb://admin%3A${CANARY}%40db`, 'user:password@host:1234'],
  ['MONGODB_URL', `mongodb://db;Password=${CANARY}`, 'user:password@host:1234'],
  ['MONGODB_URL', `Server=db;Password=${CANARY}`, 'mongodb:// or mongodb+srv://'],
  ['EVENTSTORE_URL', `esdb:admin:${CANARY}@db`, 'esdb:// or esdb+discover://'],
  ['EVENTSTORE_URL', `esdb://admin:${CANARY}`, 'user:password@host:1234'],
  ['KAFKA_BROKERS', `admin:${CANARY}@k:9092`, 'host:port'],
  ['KAFKA_BROKERS', `a:1,${CANARY}@k:9092`, 'number 2 of 2'],
  ['JWT_JWKS_URL', `https://admin:${CANARY}@id.example`, 'without user and password'],
  ['JWT_JWKS_URL', CANARY, 'https:// URL'],
  ['KAFKA_SASL_MECHANISM', CANARY, 'plain, scram-sha-256'],
])('%s=%s is refused: what is wrong, and what is allowed', (name, given, allowed) => {
  const text = refusal({ [name]: given });
  expect(text).toContain(`${name} must `);
  expect(text).toContain(allowed);
  expect(text).toContain('not shown');
  expect(text).not.toContain(CANARY);
});

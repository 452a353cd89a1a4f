import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { findKey, hashOf, keyText, type ApiKey } from '../../../src/access/api-keys.js';
import { KeyFileError, parseKeys } from '../../../src/access/parse-keys.js';

const CANARY = 'cck_Can4ryCan4ryCan4ryCan4ryCan4ryCan4ryCan4ryC';
const HASH = `sha256:${hashOf(CANARY).toString('hex')}`;
const texts = Array.from({ length: 3 }, () => keyText(randomBytes(32)));
const keys: ApiKey[] = texts.map((text, nth) => ({
  name: `key-${nth}`,
  hash: hashOf(text),
  scopes: ['read'],
  expiresAt: null,
}));
const [right = ''] = texts;

describe('a key', () => {
  it('has a prefix that scanners know, and 256 random bits', () => {
    expect(right).toMatch(/^cck_[\w-]{43}$/);
    for (const [nth, text] of texts.entries()) expect(findKey(keys, text)?.name).toBe(`key-${nth}`);
  });

  it('is let in by its text alone: by no other text', () => {
    const near = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }).map((text) => `cck_${text}`),
      fc.tuple(fc.nat(right.length - 1), fc.string({ maxLength: 3, unit: 'binary' })).map(([at, text]) => {
        return right.slice(0, at) + text + right.slice(at + 1);
      }),
      fc.constantFrom(right.toUpperCase(), right.toLowerCase(), ` ${right}`, `${right}\0`, `${right}\n`),
      fc.nat(right.length).map((length) => right.slice(0, length)),
      fc.constantFrom('', 'cck_', HASH, hashOf(right).toString('hex'), hashOf(right).toString('base64url')),
    );
    fc.assert(
      fc.property(near, (text) => {
        expect(findKey(keys, text)).toBe(text === right ? keys[0] : undefined);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a file of keys', () => {
  const entry = { name: 'nightly-sync', hash: HASH, scopes: ['read', 'operate'], expires_at: null };
  const file = (...entries: unknown[]): string => JSON.stringify({ keys: entries });

  it('has names, hashes, scopes and ends; two of one name are two keys', () => {
    const other = `sha256:${'0'.repeat(64)}`;
    const rotated = { ...entry, hash: other, scopes: ['admin'], expires_at: '2027-01-01T01:00:00+01:00' };
    expect(parseKeys(file(entry, rotated))).toEqual([
      { name: 'nightly-sync', hash: hashOf(CANARY), scopes: ['read', 'operate'], expiresAt: null },
      {
        name: 'nightly-sync',
        hash: Buffer.alloc(32),
        scopes: ['admin'],
        expiresAt: Date.parse('2027-01-01T00:00:00Z'),
      },
    ]);
    expect(parseKeys('{"keys":[]}')).toEqual([]);
    expect(parseKeys('\ufeff{"keys":[]}')).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['no JSON', `{"keys":[${CANARY}`, 'not valid JSON'],
    ['no object', '[]', 'the whole must be an object'],
    ['no list', '{"keys":{}}', 'keys must be a list'],
    ['another field', `{"keys":[],"${CANARY}":1}`, 'allowed: keys'],
    ['a field of an entry', file({ ...entry, [CANARY]: CANARY }), 'keys[0] has a field'],
    ['no entry', file(entry, null), 'keys[1] must be an object'],
    ['no name', file({ ...entry, name: undefined }), 'keys[0].name must be a text'],
    ['a long name', file({ ...entry, name: 'a'.repeat(65) }), 'keys[0].name must be 1 to 64'],
    ['a key for a name', file({ ...entry, name: CANARY }), 'keys[0].name must be'],
    ['a key for a hash', file({ ...entry, hash: CANARY }), 'keys[0].hash must be sha256:'],
    ['a hash in capitals', file({ ...entry, hash: HASH.toUpperCase() }), 'keys[0].hash must be sha256:'],
    ['no scopes', file({ ...entry, scopes: [] }), 'keys[0].scopes must name a scope'],
    [
      'an unknown scope',
      file({ ...entry, scopes: [CANARY] }),
      'keys[0].scopes[0] must be one of read, operate',
    ],
    ['no end', file({ ...entry, expires_at: undefined }), 'keys[0].expires_at must be a time'],
    [
      'an end without a zone',
      file({ ...entry, expires_at: '2027-01-01T00:00:00' }),
      'expires_at must be a time',
    ],
    ['one key twice', file(entry, { ...entry, name: 'other' }), 'keys[1].hash is that of keys[0]'],
    ['too many', file(...Array.from({ length: 1_001 }, () => entry)), 'at most 1000 entries'],
  ])('with %s is refused, and nothing in it is repeated', (_, text, reason) => {
    let thrown: unknown;
    try {
      parseKeys(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(KeyFileError);
    const { message, stack } = thrown as Error;
    expect(message).toContain(reason);
    expect(stack).not.toContain(CANARY);
    expect(stack?.toLowerCase()).not.toContain(HASH.slice(7, 30));
  });

  it('with many faults names the first ones', () => {
    const wrong = Array.from({ length: 50 }, () => ({ ...entry, scopes: ['all'] }));
    expect(() => parseKeys(file(...wrong))).toThrow('and 40 faults more');
  });
});

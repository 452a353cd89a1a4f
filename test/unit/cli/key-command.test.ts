import { afterEach, expect, it, jest } from '@jest/globals';
import { findKey } from '../../../src/access/api-keys.js';
import { parseKeys } from '../../../src/access/parse-keys.js';
import { keyCommand, type KeyOptions } from '../../../src/cli/key-command.js';

afterEach(() => {
  jest.restoreAllMocks();
});

async function printed(name: string, options: KeyOptions): Promise<{ key: string; entry: string }> {
  let text = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    text += String(line);
    return true;
  });
  await keyCommand(name, options);
  return { key: /^cck_\S+$/m.exec(text)?.[0] ?? '', entry: /^\{[^]*^\}$/m.exec(text)?.[0] ?? '' };
}

it('prints a new key, and the entry by which it is known', async () => {
  const { key, entry } = await printed('nightly-sync', { scopes: 'read, operate', expires: '2999-01-01' });
  const keys = parseKeys(`{"keys":[${entry}]}`);
  expect(findKey(keys, key)).toMatchObject({
    name: 'nightly-sync',
    scopes: ['read', 'operate'],
    expiresAt: Date.parse('2999-01-01T00:00:00Z'),
  });
  expect(entry).not.toContain(key);
  const another = await printed('nightly-sync', { scopes: 'admin' });
  expect(another.key).not.toBe(key);
  expect(parseKeys(`{"keys":[${another.entry}]}`)[0]?.expiresAt).toBeNull();
});

it.each<[string, KeyOptions, string]>([
  ['a b', { scopes: 'read' }, 'name must be 1 to 64 letters'],
  ['a', { scopes: 'all' }, 'scopes must be one of read, operate'],
  ['a', { scopes: '' }, 'scopes must be one of'],
  ['a', { scopes: 'read', expires: 'soon' }, 'expires_at must be a time such as'],
  ['a', { scopes: 'read', expires: '2026-01-01' }, 'expires_at must be in the future'],
  ['a', { scopes: 'read', expires: '2026-11-01T00:00:00+14:00' }, 'expires_at must be in the future'],
])('refuses the name %s with %j', async (name, options, reason) => {
  await expect(keyCommand(name, options)).rejects.toThrow(reason);
});

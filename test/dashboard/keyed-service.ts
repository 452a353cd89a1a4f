import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { hashOf } from '../../src/access/api-keys.js';
import type { Scope } from '../../src/access/principal.js';

/** The API key of that name. */
export function keyOf(name: string): string {
  return `cck_${name.padEnd(43, 'x')}`;
}

/** What a request sends that is made under the key of that name. */
export function asKey(name: string): { authorization: string } {
  return { authorization: `Bearer ${keyOf(name)}` };
}

/**
 * A file of keys that never expire, for a service that asks for them.
 * @param scopes by the names of the keys
 * @returns the settings of that service, which has its data in the folder, too
 */
export function keyedIn(folder: string, scopes: Readonly<Record<string, readonly Scope[]>>) {
  const keys = Object.entries(scopes).map(([name, allowed]) => ({
    name,
    hash: `sha256:${hashOf(keyOf(name)).toString('hex')}`,
    scopes: allowed,
    expires_at: null,
  }));
  const API_KEYS_FILE = join(folder, 'keys.json');
  writeFileSync(API_KEYS_FILE, JSON.stringify({ keys }), { mode: 0o600 });
  return { DATA_DIR: folder, API_KEYS_FILE };
}

/** Enters the key of that name, where the page asks for one. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('API key or token').fill(keyOf(name));
  await page.getByRole('button', { name: 'Sign in' }).click();
}

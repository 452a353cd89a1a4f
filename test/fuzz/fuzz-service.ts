import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../../src/access/principal.js';
import { newKey } from '../../src/service/new-key.js';
import { runCommand } from '../servers/run-command.js';
import { startService, type ServiceProcess } from '../e2e/service-process.js';

export interface FuzzService extends ServiceProcess {
  /** Of a key that may do everything; undefined where the service has no keys. */
  everything: string | undefined;
  /** Of a key that may only read what names nobody. */
  reading: string | undefined;
}

const EVERYTHING: readonly Scope[] = ['admin', 'people'];
const CERTIFICATIONS = 24;
const DAY_MS = 86_400_000;

/**
 * Starts the built service on an embedded store with a few jobs, runs and certifications in it: so few that the many runs
 * that it is asked for are short.
 * @param folder an empty one
 */
export async function startFuzzService(folder: string, withKeys: boolean): Promise<FuzzService> {
  const [everything, reading] = withKeys ? await Promise.all([newKey(), newKey()]) : [];
  const keysFile = join(folder, 'keys.json');
  if (everything !== undefined && reading !== undefined) {
    const keys = [
      { name: 'everything', hash: everything.hash, scopes: EVERYTHING, expires_at: null },
      { name: 'reading', hash: reading.hash, scopes: ['read'], expires_at: null },
    ];
    writeFileSync(keysFile, JSON.stringify({ keys }));
  }
  const env = { DATA_DIR: join(folder, 'data'), ...(withKeys && { API_KEYS_FILE: keysFile }) };
  const file = join(folder, 'certifications.csv');
  writeFileSync(file, certifications());
  await runCommand([process.execPath, 'dist/cli/cli.js', 'import', file], { withinMs: 60_000, env });
  const service = await startService(env);
  await fill(service, everything?.text);
  return { ...service, everything: everything?.text, reading: reading?.text };
}

/** @returns the headers of a request with a key, or without one */
export function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { 'X-API-Key': key };
}

async function fill({ api, address }: ServiceProcess, key: string | undefined): Promise<void> {
  const send = async (method: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json', ...headersOf(key) };
    const answer = await fetch(api + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok)
      throw new Error(`${method} ${path} at ${address}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const job = (name: string): object => ({ name, cron_expression: '0 2 * * *', labels: ['filled'] });
  const nightly = String((await send('POST', '', job('nightly'))).id);
  await send('PUT', '/by-key/declared', { ...job('declared'), enabled: false });
  const deleted = String((await send('POST', '', job('deleted'))).id);
  await send('DELETE', `/${deleted}`, { reason: 'not needed' });
  for (const dry_run of [false, true, false])
    await send('POST', `/${nightly}/execute?wait=10`, { dry_run, reason: 'to have runs' });
}

/** Some have expired, some are about to, some are far from it. */
function certifications(): string {
  const rows = Array.from({ length: CERTIFICATIONS }, (_, index) => {
    const expires = new Date(Date.now() + (index * 10 - 60) * DAY_MS).toISOString().slice(0, 10);
    return `cert-${index},mentor-${index % 7},${expires},${index % 2 === 0 ? 'first-aid' : 'coaching'},west`;
  });
  return ['certification_id,mentor_id,expires_at,type,labels', ...rows, ''].join('\n');
}

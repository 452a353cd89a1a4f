/**
 * Pages of the history of a job with very many events beside those of a new job, by the same requests.
 * npx tsx bench/audit-pages.ts [--events 1000000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BASE_PATH } from '../src/http/api.js';
import { createApp } from '../src/service/app.js';
import { loadConfig } from '../src/config/config.js';
import { makeLargeStore } from '../test/service/large-store.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';

const ROUNDS = 9;
const REQUESTS = 40;
/** So many events has the new job, all of them changes by a client: the dearest page there is. */
const CHANGES = 100;

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' } } });
const events = Number(values.events);
const folder = mkdtempSync(join(tmpdir(), 'audit-pages-'));

async function get(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url);
  const body = (await response.json()) as Record<string, unknown>;
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${JSON.stringify(body)}`);
  return body;
}

async function createChanged(api: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const created = await fetch(api, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'new', cron_expression: '0 0 29 2 *' }),
  });
  const { id } = (await created.json()) as { id: string };
  for (let nth = 1; nth < CHANGES; nth++)
    await fetch(`${api}/${id}`, { method: 'PUT', headers, body: JSON.stringify({ description: `${nth}` }) });
  return id;
}

/** The best of some rounds, both by turns: what disturbs a round only makes it slower. */
async function bestOf(urls: readonly string[]): Promise<number[]> {
  const best = urls.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, url] of urls.entries()) {
      const began = performance.now();
      for (let request = 0; request < REQUESTS; request++) await get(url);
      best[index] = Math.min(best[index] ?? Infinity, (performance.now() - began) / REQUESTS);
    }
  return best;
}

const { longJob } = await makeLargeStore(folder, { jobs: 1_000, events });
const app = await createApp(loadConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' }));
try {
  const api = (await app.start()) + BASE_PATH;
  const newJob = await createChanged(api);
  const middle = Math.floor(events / 2);
  const cursorAt = async (version: number): Promise<string> => {
    const { pagination } = await get(`${api}/${longJob}/events?limit=1&order=asc`);
    const { next_cursor } = pagination as { next_cursor: string };
    const place = JSON.parse(Buffer.from(next_cursor, 'base64url').toString()) as object;
    const moved = Object.fromEntries(Object.keys(place).map((field) => [field, version]));
    return Buffer.from(JSON.stringify(moved)).toString('base64url');
  };
  const inTheMiddle = await cursorAt(middle);
  const pages: Record<string, [string, string]> = {
    'newest 20': [`${api}/${newJob}/events`, `${api}/${longJob}/events`],
    'newest 100': [`${api}/${newJob}/events?limit=100`, `${api}/${longJob}/events?limit=100`],
    'oldest 100': [
      `${api}/${newJob}/events?limit=100&order=asc`,
      `${api}/${longJob}/events?limit=100&order=asc`,
    ],
    '100 in the middle': [
      `${api}/${newJob}/events?limit=100`,
      `${api}/${longJob}/events?limit=100&order=asc&cursor=${inTheMiddle}`,
    ],
  };
  const table = [['page', 'new job, ms', 'long job, ms', 'ratio']];
  for (const [name, urls] of Object.entries(pages)) {
    const [ofNew = NaN, ofLong = NaN] = await bestOf(urls);
    table.push([name, ofNew.toFixed(2), ofLong.toFixed(2), (ofLong / ofNew).toFixed(2)]);
  }
  process.stdout
    .write(`Pages of the history of a job with ${wholeNumber(events)} events beside one with ${CHANGES}; best of ${ROUNDS}
${describeMachine()}; embedded SQLite store in ${tmpdir()}, over HTTP

${alignedTable(table, 1)}`);
} finally {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The service on EventStoreDB beside the service on the embedded store, as ratios: a given server, else the stand-in,
 * which runs in a process of its own.
 * EVENTSTORE_URL=esdb://... npx tsx bench/eventstore.ts [--rounds 2] [--only 'due at once']
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/config.js';
import { createApp } from '../src/service/app.js';
import { openAdapters } from '../src/service/open-adapters.js';
import type { Adapters } from '../src/ports/adapters.js';
import { projectionGroups } from '../src/projections/groups.js';
import { certificationOf } from '../test/support/sample-documents.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';
import { startStandInProcess } from './stand-in-process.js';
import { apiOf, scenarios, type Scenario } from './store-scenarios.js';
import { watchLog } from './watched-log.js';

const CERTIFICATIONS = 5;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '2' }, only: { type: 'string', default: '' } },
});
const rounds = Number(values.rounds);
const chosen = scenarios.filter(({ title }) => title.includes(values.only));

const progress = (text: string): boolean => process.stderr.write(`${text}\n`);

/** All scenarios on a fresh service. @param url of the EventStoreDB; undefined for the embedded store */
async function measure(url: string | undefined): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-eventstore-'));
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: folder,
    ALLOW_SECONDS: 'true',
    LOG_LEVEL: 'warn',
    ...(url !== undefined && { EVENTSTORE_URL: url }),
  });
  const adapters = await openAdapters(config);
  const log = watchLog(adapters.log);
  const app = await createApp(config, { ...adapters, log });
  try {
    const bench = { app, api: apiOf(await app.start()), log };
    await fillRegistry(app.adapters);
    await allProjected(app.adapters);
    const figures: number[] = [];
    for (const { title, unit, measure: ask } of chosen) {
      const figure = await ask(bench);
      progress(
        `  ${url === undefined ? 'embedded' : 'EventStoreDB'}: ${title}: ${figure.toFixed(1)} ${unit}`,
      );
      figures.push(figure);
    }
    return figures;
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fillRegistry({ registry }: Adapters): Promise<void> {
  const certifications = Array.from({ length: CERTIFICATIONS }, (_, index) =>
    certificationOf({
      certification_id: `certification-${index}`,
      mentor_id: `mentor-${index}`,
      expires_at: new Date(Date.now() + 40 * 86_400_000).toISOString(),
    }),
  );
  await registry.upsert(certifications, 'bench');
}

/** A given server may have a long log, which is not what is measured. */
async function allProjected({ log, store }: Adapters): Promise<void> {
  const head = await log.head();
  for (const name of Object.keys(projectionGroups({ allowSeconds: true })))
    while (((await store.readCheckpoint(name))?.position ?? '') < head) await sleep(50);
}

async function measureStandIn(): Promise<number[]> {
  const { url, stop } = await startStandInProcess();
  try {
    return await measure(url);
  } finally {
    await stop();
  }
}

const best = ({ unit }: Scenario, figures: readonly number[]): number =>
  unit === 'ms' ? Math.min(...figures) : Math.max(...figures);

const given = process.env.EVENTSTORE_URL;
const measured = { embedded: [] as number[][], eventstore: [] as number[][] };
// In turn: what disturbs the machine for a while disturbs both.
for (let round = 1; round <= rounds; round++) {
  progress(`round ${round} of ${rounds}`);
  measured.embedded.push(await measure(undefined));
  measured.eventstore.push(await (given === undefined ? measureStandIn() : measure(given)));
}
const rows = chosen.map((scenario, index) => {
  const embedded = best(
    scenario,
    measured.embedded.map((figures) => figures[index] ?? NaN),
  );
  const eventstore = best(
    scenario,
    measured.eventstore.map((figures) => figures[index] ?? NaN),
  );
  const figure = (value: number): string => `${wholeNumber(value)} ${scenario.unit}`;
  return [scenario.title, figure(embedded), figure(eventstore), (eventstore / embedded).toFixed(2)];
});
process.stdout.write(
  `${describeMachine()}; the best of ${rounds} rounds; read models in SQLite; ${
    given === undefined
      ? 'EventStoreDB: the stand-in, in a process of its own'
      : 'EventStoreDB: a given server'
  }\n\n${alignedTable([['', 'embedded', 'EventStoreDB', 'ratio'], ...rows], 1)}`,
);
process.exit();

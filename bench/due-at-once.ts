/**
 * The whole service on the real clock, with many jobs that come due in the same second.
 * npx tsx bench/due-at-once.ts [--jobs 10000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createApp, type App } from '../src/service/app.js';
import { loadConfig, type Config } from '../src/config/config.js';
import { jobStream } from '../src/events/stream-names.js';
import { openAdapters } from '../src/service/open-adapters.js';
import type { RecordedEvent } from '../src/ports/event-log.js';
import { readWholeLog } from '../test/support/read-whole-log.js';
import { certificationOf } from '../test/support/sample-documents.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';
import { faultsOf, latenesses } from './started-runs.js';
import { watchLog, type WatchedLog } from './watched-log.js';

const CERTIFICATIONS = 5;
const JOBS_PER_APPEND = 500;
/** Creation must be over by then, and what follows from it too. */
const LEAD_MS = 10_000;
const LEAD_MS_PER_JOB = 2;
const GIVE_UP_AFTER_MS = 60_000;
const FAULTS_SHOWN = 20;

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '10000' } } });
const cronIds = Array.from(
  { length: Number(values.jobs) },
  (_, index) => `cron-${String(index).padStart(32, '0')}`,
);

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function fillRegistry({ adapters }: App): Promise<void> {
  const certifications = Array.from({ length: CERTIFICATIONS }, (_, index) =>
    certificationOf({
      certification_id: `certification-${index}`,
      mentor_id: `mentor-${index}`,
      expires_at: new Date(Date.now() + 40 * 86_400_000).toISOString(),
    }),
  );
  await adapters.registry.upsert(certifications, 'bench');
}

async function createJobs({ commands }: App, slot: number): Promise<void> {
  const at = new Date(slot);
  const cron_expression = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  const config = { name: 'due at once', cron_expression };
  const cause = { actor: 'bench', correlation_id: 'bench', causation_id: null };
  for (let from = 0; from < cronIds.length; from += JOBS_PER_APPEND) {
    const results = await commands.handleAll(
      cronIds
        .slice(from, from + JOBS_PER_APPEND)
        .map((cronId) => ({ cronId, command: { type: 'ScheduleCronJob', config }, cause })),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
  if (Date.now() >= slot) throw new Error('the jobs were due before all of them were created');
}

/** Until as many events of the type are durable as there are jobs; checked without touching the log. */
async function allAppended(type: string, log: WatchedLog): Promise<void> {
  let seen = log.appended(type);
  let movedAt = Date.now();
  while (seen < cronIds.length) {
    await sleep(500);
    const now = log.appended(type);
    if (now > seen) movedAt = Date.now();
    seen = now;
    progress(`  ${type}: ${seen}/${cronIds.length}`);
    if (Date.now() - movedAt > GIVE_UP_AFTER_MS) throw new Error(`no more ${type} after ${seen}`);
  }
}

interface Measured {
  slot: number;
  createdInMs: number;
  log: WatchedLog;
  events: RecordedEvent[];
}

async function measure(config: Config): Promise<Measured> {
  const adapters = await openAdapters(config);
  const log = watchLog(adapters.log);
  const app = await createApp(config, { ...adapters, log });
  await app.start();
  const start = Date.now();
  const slot = Math.ceil((start + LEAD_MS + LEAD_MS_PER_JOB * cronIds.length) / 1000) * 1000;
  progress(`creating ${cronIds.length} jobs`);
  await fillRegistry(app);
  await createJobs(app, slot);
  const createdInMs = Date.now() - start;
  progress(`created in ${createdInMs} ms; due in ${slot - Date.now()} ms`);
  await sleep(slot - Date.now());
  await allAppended('RunStarted', log);
  await allAppended('RunCompleted', log);
  await app.stop();
  return { slot, createdInMs, log, events: await readLog(config) };
}

async function readLog(config: Config): Promise<RecordedEvent[]> {
  const { log, store, registry } = await openAdapters(config);
  const events = await readWholeLog(log);
  await Promise.all([log.close(), store.close(), registry.close()]);
  return events;
}

function distribution(what: string, milliseconds: readonly number[]): string[] {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (part: number): string => wholeNumber(sorted[Math.ceil(part * sorted.length) - 1] ?? NaN);
  return [what, at(0.5), at(0.99), at(1)];
}

function report({ slot, createdInMs, log, events }: Measured): string {
  const durable = (type: string): number[] => [...log.durableAt(type).values()].map((at) => at - slot);
  const table = alignedTable(
    [
      ['milliseconds after the slot', 'p50', 'p99', 'longest'],
      distribution('decided (late_by_ms)', latenesses(events)),
      distribution('started, durable', durable('RunStarted')),
      distribution('completed, durable', durable('RunCompleted')),
    ],
    1,
  );
  return `${wholeNumber(cronIds.length)} jobs due in the same second, ${new Date(slot).toISOString()}
${describeMachine()}; embedded SQLite store in ${tmpdir()}
created in ${wholeNumber(createdInMs)} ms, ${JOBS_PER_APPEND} at once; ${CERTIFICATIONS} certifications for each run to look at

${table}
`;
}

const folder = mkdtempSync(join(tmpdir(), 'due-at-once-'));
try {
  const env = { PORT: '0', DATA_DIR: folder, ALLOW_SECONDS: 'true', LOG_LEVEL: 'silent' };
  const measured = await measure(loadConfig(env));
  process.stdout.write(report(measured));
  const slot = new Date(measured.slot).toISOString();
  const faults = faultsOf(measured.events, cronIds.map(jobStream), slot);
  process.stdout.write(
    faults.length === 0
      ? 'Every job has exactly one run for the slot, and every run is completed.\n'
      : `${faults.length} faults\n${faults.slice(0, FAULTS_SHOWN).join('\n')}\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

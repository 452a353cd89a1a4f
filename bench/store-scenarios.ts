import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../src/service/app.js';
import { BASE_PATH } from '../src/http/api.js';
import type { WatchedLog } from './watched-log.js';

/** A running service, and how its clients reach it. */
export interface Bench {
  app: App;
  /** Base address of the REST API. */
  api: string;
  log: WatchedLog;
}

/** What is measured, in the order of the table; each returns a figure. */
export const scenarios: readonly Scenario[] = [
  { title: 'run, from trigger to seen completed', unit: 'ms', measure: (bench) => singleRuns(bench, false) },
  { title: 'dry run, likewise', unit: 'ms', measure: (bench) => singleRuns(bench, true) },
  { title: '200 jobs triggered at once, to the last one completed', unit: 'ms', measure: manyTriggered },
  { title: '1,000 jobs due at once, from the slot to the last one completed', unit: 'ms', measure: manyDue },
  { title: '200 triggers and 200 changes of one job at once', unit: 'ms', measure: oneJobByMany },
  ...[1, 16, 128].map((clients) => ({
    title: `creates, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    unit: '/s' as const,
    measure: (bench: Bench) => creates(bench, clients),
  })),
];

export interface Scenario {
  title: string;
  unit: 'ms' | '/s';
  measure: (bench: Bench) => Promise<number>;
}

const SINGLE_RUNS = 30;
const CROWD = 200;
const DUE_JOBS = 1_000;
/** All of them are created by then. */
const DUE_AFTER_MS = 6_000;
const CREATES_FOR_MS = 3_000;
const GIVE_UP_AFTER_MS = 300_000;

interface Answer {
  id: string;
  run_id: string;
  data: { run_id: string; status: string }[];
}

async function call(bench: Bench, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(bench.api + path, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

const CONFIG = { name: 'bench', cron_expression: '0 0 1 1 *', concurrency_policy: 'allow' };

async function createJob(bench: Bench, config: object = CONFIG): Promise<string> {
  return (await call(bench, 'POST', '', config)).id;
}

const createJobs = (bench: Bench, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => createJob(bench)));

/** The median. */
async function singleRuns(bench: Bench, dry_run: boolean): Promise<number> {
  const id = await createJob(bench);
  const times: number[] = [];
  for (let nth = 0; nth < SINGLE_RUNS; nth++) {
    const start = performance.now();
    const { run_id } = await call(bench, 'POST', `/${id}/execute`, { dry_run });
    for (;;) {
      const { data } = await call(bench, 'GET', `/${id}/runs?limit=1`);
      if (data.some((run) => run.run_id === run_id && run.status !== 'running')) break;
    }
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[SINGLE_RUNS / 2] ?? NaN;
}

async function manyTriggered(bench: Bench): Promise<number> {
  const ids = await createJobs(bench, CROWD);
  const completed = bench.log.appended('RunCompleted');
  const start = performance.now();
  await Promise.all(ids.map((id) => call(bench, 'POST', `/${id}/execute`, { dry_run: false })));
  await untilCompleted(bench, completed + CROWD);
  return performance.now() - start;
}

async function manyDue(bench: Bench): Promise<number> {
  const slot = Math.ceil((Date.now() + DUE_AFTER_MS) / 1_000) * 1_000;
  const at = new Date(slot);
  const cron_expression = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  const requests = Array.from({ length: DUE_JOBS }, () => ({
    cronId: `cron-${crypto.randomUUID().replaceAll('-', '')}`,
    command: { type: 'ScheduleCronJob' as const, config: { name: 'due at once', cron_expression } },
    cause: { actor: 'bench', correlation_id: 'bench', causation_id: null },
  }));
  await bench.app.commands.handleAll(requests);
  const completed = bench.log.appended('RunCompleted');
  if (Date.now() >= slot) throw new Error('the jobs were due before all of them were created');
  await sleep(slot - Date.now());
  await untilCompleted(bench, completed + DUE_JOBS);
  return Date.now() - slot;
}

async function oneJobByMany(bench: Bench): Promise<number> {
  const id = await createJob(bench);
  const completed = bench.log.appended('RunCompleted');
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CROWD }, (_, nth) => [
      call(bench, 'POST', `/${id}/execute`, { dry_run: false }),
      call(bench, 'PUT', `/${id}`, { name: `name ${nth}` }),
    ]).flat(),
  );
  const took = performance.now() - start;
  await untilCompleted(bench, completed + CROWD);
  return took;
}

async function untilCompleted({ log }: Bench, count: number): Promise<void> {
  for (const giveUpAt = Date.now() + GIVE_UP_AFTER_MS; log.appended('RunCompleted') < count;) {
    if (Date.now() > giveUpAt)
      throw new Error(`only ${log.appended('RunCompleted')} of ${count} are completed`);
    await sleep(1);
  }
}

async function creates(bench: Bench, clients: number): Promise<number> {
  const start = performance.now();
  let created = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (; performance.now() - start < CREATES_FOR_MS; created++) await createJob(bench);
    }),
  );
  return (created / (performance.now() - start)) * 1_000;
}

export const apiOf = (address: string): string => address + BASE_PATH;

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openAdapters } from '../../src/service/open-adapters.js';
import { loadConfig } from '../../src/config/config.js';
import { checkReminders } from '../simulation/checkers/check-reminders.js';
import { checkRuns } from '../simulation/checkers/check-runs.js';
import { checkVerify } from '../simulation/checkers/check-verify.js';
import { differingRows } from '../support/compare-read-models.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { startService, type ServiceProcess } from './service-process.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROUNDS = 10;
const CERTIFICATIONS = 6_000;
const EVERY_SECOND = '* * * * * *';

interface Acknowledged {
  created: string[];
  renamed: { id: string; name: string }[];
  executed: string[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Enough records that a check is under way for a while, and some of them due on each day. */
function importCertifications(env: Record<string, string>, folder: string): void {
  const lines = Array.from(
    { length: CERTIFICATIONS },
    (_, index) => `cert-${index},mentor-${index % 1_500},${(index % 400) - 20}`,
  );
  const file = join(folder, 'certifications.csv');
  writeFileSync(file, ['certification_id,mentor_id,expires_in_days', ...lines].join('\n'));
  execFileSync(process.execPath, ['dist/cli/cli.js', 'import', file], {
    env: { PATH: process.env.PATH, ...env },
  });
}

/** Writes without pause until the service is gone, and keeps what it has acknowledged. */
async function writeUntilGone(
  { api }: ServiceProcess,
  acknowledged: Acknowledged,
  job: string,
): Promise<void> {
  const send = async (method: string, path: string, body: unknown): Promise<any> => {
    const response = await fetch(api + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.ok ? response.json() : undefined;
  };
  try {
    for (let turn = 0; ; turn++) {
      const name = `job ${acknowledged.renamed.length}`;
      const [created, renamed, executed] = await Promise.all([
        send('POST', '', { name: 'written', cron_expression: '0 2 * * *' }),
        send('PUT', `/${job}`, { name }),
        turn % 3 === 0 ? send('POST', `/${job}/execute`, { dry_run: false }) : undefined,
      ]);
      if (created) acknowledged.created.push(created.id);
      if (renamed) acknowledged.renamed.push({ id: renamed.id, name });
      if (executed) acknowledged.executed.push(executed.run_id);
    }
  } catch (error) {
    // The kill breaks the connection: that is how it ends. Anything else is a fault of the test.
    if ((error as Error).name !== 'TypeError') throw error;
  }
}

type Events = readonly { type: string; data: any }[];

function wholeSeconds(from: number, until: number): number[] {
  const first = Math.ceil(from / 1000);
  return Array.from({ length: Math.floor(until / 1000) - first + 1 }, (_, index) => (first + index) * 1000);
}

/** The slots of a job that have an outcome, as often as they have one. */
function settledSeconds(cronId: string, events: Events): number[] {
  return events.flatMap(({ type, data }) => {
    if (data.cron_id !== cronId) return [];
    if (type === 'RunStarted' && data.slot !== null) return [Date.parse(data.slot)];
    return type === 'RunSkipped' ? wholeSeconds(Date.parse(data.from), Date.parse(data.to)) : [];
  });
}

/** Each whole second after the creation of a job that is due every second, up to its disable. */
function owedSeconds(cronId: string, events: Events): number[] {
  const own = events.filter(({ data }) => data.cron_id === cronId);
  const created = own.find(({ type }) => type === 'CronJobScheduled');
  const disabled = own.find(({ data }) => data.changes?.enabled === false);
  return wholeSeconds(Date.parse(created?.data.created_at) + 1, Date.parse(disabled?.data.updated_at));
}

describe(`kill -9, ${ROUNDS} times, in the middle of writes and of runs`, () => {
  it('loses nothing that was acknowledged, settles each slot once, completes each run once', async () => {
    const folder = temporaryFolder();
    const env = { DATA_DIR: join(folder, 'data'), ALLOW_SECONDS: 'true', LEASE_MS: '500' };
    const ids = createSeededIds(20_26);
    importCertifications(env, folder);
    const acknowledged: Acknowledged = { created: [], renamed: [], executed: [] };
    const kills: number[] = [];
    let everySecond = '';
    let manual = '';

    for (let round = 0; round < ROUNDS; round++) {
      const service = await startService(env);
      await service.leading;
      if (round === 0) {
        const create = async (cron_expression: string): Promise<string> => {
          const body = JSON.stringify({ name: 'job', cron_expression });
          const headers = { 'content-type': 'application/json' };
          const response = await fetch(service.api, { method: 'POST', headers, body });
          return ((await response.json()) as { id: string }).id;
        };
        everySecond = await create(EVERY_SECOND);
        manual = await create('0 2 1 1 *');
      }
      const writing = writeUntilGone(service, acknowledged, manual);
      // By what was acknowledged and not by time, so that a slow machine reaches the same states; then a moment more.
      const enough = acknowledged.created.length + 1 + 6 * ids.random();
      while (acknowledged.created.length < enough) await pause(2);
      await pause(60 * ids.random());
      kills.push(Date.now());
      await service.end('SIGKILL');
      await writing;
    }

    const last = await startService(env);
    await whenNothingRuns(last, [everySecond, manual]);
    const { log, store, registry } = await openAdapters(loadConfig({ ...env, LOG_LEVEL: 'silent' }));
    // The last write before the last kill may be in no row yet: the projector of the next leader is its guarantee.
    const head = await log.head();
    const isProjected = async () => ((await store.readCheckpoint('jobs'))?.position ?? '') >= head;
    await eventually('the log is projected', isProjected);
    expect(await last.end('SIGTERM')).toBe(0);

    const events = await readWholeLog(log);
    expect([
      ...checkRuns(events),
      ...checkReminders(events),
      ...(await checkVerify(log, Date.now())),
    ]).toEqual([]);
    const owed = owedSeconds(everySecond, events);
    expect(settledSeconds(everySecond, events)).toEqual(owed);
    expect(missing(acknowledged, events)).toEqual([]);
    expect(await differingRows(log, store)).toEqual([]);
    await Promise.all([log.close(), store.close(), registry.close()]);

    // The states that matter were reached.
    expect(owed.length).toBeGreaterThan(5);
    expect(acknowledged.created.length).toBeGreaterThan(ROUNDS);
    expect(runsCutOff(events, kills)).toBeGreaterThan(0);
  }, 170_000);
});

/** Stops the job of each second, and waits for the runs to end. */
async function whenNothingRuns({ api }: ServiceProcess, ids: string[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(`${api}/${ids[0]}`, { method: 'PUT', headers, body: '{"enabled":false}' });
  for (const id of ids) {
    for (;;) {
      const { last_run_status } = (await (await fetch(`${api}/${id}`)).json()) as {
        last_run_status: string | null;
      };
      if (last_run_status !== 'running') break;
      await pause(20);
    }
  }
}

/** Runs that were open at a kill, and were completed by a later process. */
function runsCutOff(events: Events, kills: readonly number[]): number {
  const ends = new Map(
    events.filter(({ type }) => type === 'RunCompleted').map(({ data }) => [data.run_id, data.completed_at]),
  );
  return events.filter(({ type, data }) => {
    const end = Date.parse(ends.get(data.run_id) ?? '');
    return type === 'RunStarted' && kills.some((kill) => Date.parse(data.started_at) < kill && kill < end);
  }).length;
}

function missing({ created, renamed, executed }: Acknowledged, events: Events): string[] {
  const scheduled = new Set(
    events.filter(({ type }) => type === 'CronJobScheduled').map(({ data }) => data.cron_id),
  );
  const names = new Set(
    events.filter(({ type }) => type === 'CronJobUpdated').map(({ data }) => data.changes.name),
  );
  const started = new Set(events.filter(({ type }) => type === 'RunStarted').map(({ data }) => data.run_id));
  return [
    ...created.filter((id) => !scheduled.has(id)),
    ...renamed.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    ...executed.filter((id) => !started.has(id)),
  ];
}

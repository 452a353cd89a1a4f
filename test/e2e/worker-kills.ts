import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { startService, type ServiceProcess } from './service-process.js';

export interface WorkerKills {
  kills: number;
  /** How many of them came while a run was open, and how many when it had asked for some reminders and not for all. */
  whileOpen: number;
  inTheMiddle: number;
  /** What must not be, in words. */
  broken: string[];
}

const ALLOWED = 1_200;
/** Appended in two batches, so that a kill can come between them. */
const FEW = 1_100;
const MANY = 1_300;
const LONGEST_MS = 1_500;
const ALL_END_WITHIN_MS = 180_000;
/** Then the registry begins anew: a walk over ever more records would take longer than the time between two kills. */
const ROUNDS_AT_ONCE = 10;

/**
 * Kills one of two instances with SIGKILL while runs are counted and written, again and again. Each round has a run that
 * may ask for its reminders, and one that would ask for too many: in the end the first has asked for all of them, and the
 * second for none.
 */
export async function killWorkers(options: {
  kills: number;
  dataDir: string;
  /** Kafka hands the runs to both instances; without it the leader performs them. */
  brokers: string | undefined;
  onKill: (kill: number) => void;
}): Promise<WorkerKills> {
  const { kills, dataDir, brokers, onKill } = options;
  const env = {
    DATA_DIR: dataDir,
    LEASE_MS: '500',
    ...(brokers !== undefined && { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `workers-${randomUUID()}.` }),
  };
  const services = [await startService(env), await startService(env)];
  const file = (name: string) => ({ clock: systemClock, ids: systemIds, path: join(dataDir, name) });
  const [log, registry] = [openSqliteEventLog(file('log.db')), openSqliteRegistry(file('registry.db'))];
  const counts = { whileOpen: 0, inTheMiddle: 0 };
  const wanted = new Map<string, number>();
  /** Runs that do not end are told among the broken promises. */
  const allEnd = (): Promise<unknown> =>
    eventually(
      'all runs have ended',
      async () => {
        const events = await readWholeLog(log);
        return [...wanted.keys()].every((run) => endOf(events, run) !== undefined);
      },
      ALL_END_WITHIN_MS,
    ).catch(() => undefined);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await registry.upsert([...dueSoon(`few-${kill}`, FEW), ...dueSoon(`many-${kill}`, MANY)], 'test');
      const begun: string[] = [];
      for (const [kind, number] of [
        ['few', FEW],
        ['many', 0],
      ] as const) {
        const run = await execute(services, `${kind}-${kill}`);
        wanted.set(run, number);
        begun.push(run);
      }
      await pause(Math.random() * LONGEST_MS);
      const victim = Math.random() < 0.5 ? 0 : 1;
      await services[victim]?.end('SIGKILL');
      const events = await readWholeLog(log);
      if (begun.some((run) => endOf(events, run) === undefined)) counts.whileOpen++;
      const asked = remindersOf(events, begun[0] ?? '').length;
      if (asked > 0 && asked < FEW) counts.inTheMiddle++;
      services[victim] = await startService(env);
      if (kill % ROUNDS_AT_ONCE === 0) {
        await allEnd();
        await registry.removeAllBut('nobody');
      }
      onKill(kill);
    }
    await allEnd();
    return { kills, ...counts, broken: brokenOf(await readWholeLog(log), wanted) };
  } finally {
    await Promise.all(services.map((service) => service.end('SIGTERM')));
    await Promise.all([log.close(), registry.close()]);
  }
}

function dueSoon(type: string, number: number) {
  const expires_at = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  return Array.from({ length: number }, (_, index) => ({
    certification_id: `${type}-${index}`,
    mentor_id: `mentor of ${type}-${index}`,
    expires_at,
    type,
    labels: [],
    status: 'active' as const,
    renewable_from: null,
  }));
}

/** A job for one type, and a run of it. @returns the run's id */
async function execute(services: readonly ServiceProcess[], type: string): Promise<string> {
  const job = {
    name: type,
    cron_expression: '0 2 1 1 *',
    select: { types: [type] },
    max_reminders: ALLOWED,
  };
  const { api = '' } = services[0] ?? {};
  const { id } = await post(api, job);
  const { run_id } = await post(`${api}/${id ?? ''}/execute`, {});
  if (run_id === undefined) throw new Error(`no run of ${type} was started`);
  return run_id;
}

async function post(url: string, body: object): Promise<{ id?: string; run_id?: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { id?: string; run_id?: string };
}

function endOf(events: readonly RecordedEvent[], run: string): RecordedEvent['data'] | undefined {
  return events.find(({ type, data }) => type === 'RunCompleted' && data.run_id === run)?.data;
}

function remindersOf(events: readonly RecordedEvent[], run: string): RecordedEvent[] {
  return events.filter(({ type, data }) => type === 'ReminderRequested' && data.run_id === run);
}

function brokenOf(events: readonly RecordedEvent[], wanted: ReadonlyMap<string, number>): string[] {
  const broken: string[] = [];
  for (const [run, number] of wanted) {
    const asked = remindersOf(events, run);
    const certifications = new Set(asked.map(({ data }) => data.certification_id));
    if (asked.length !== number || certifications.size !== number)
      broken.push(`${run} has asked for ${asked.length} reminders of ${certifications.size}, not ${number}`);
    const { status, error, result } = endOf(events, run) ?? {};
    const isAsWanted =
      number > 0
        ? status === 'success' && (result as { reminders_sent: number }).reminders_sent === number
        : status === 'failed' && (error as { code: string }).code === 'too_many_reminders';
    if (!isAsWanted) broken.push(`${run} has ended as ${JSON.stringify({ status, error, result })}`);
  }
  return broken;
}

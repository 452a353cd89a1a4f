import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { jobStream } from '../../src/events/stream-names.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { eventually } from '../support/eventually.js';
import { readTopic, type KcatMessage } from '../servers/kcat.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { startService } from './service-process.js';

export interface PublisherKills {
  kills: number;
  /** How many of them came while something was still to be published. */
  inTheMiddle: number;
  events: number;
  missing: number;
  disordered: number;
  repeated: number;
}

const JOBS = 20;
const CHANGES_A_ROUND = 150;
const LONGEST_LIFE_MS = 1_000;

/** Kills a service with SIGKILL while it publishes, again and again, and compares the topic with the log. */
export async function killPublisher(options: {
  kills: number;
  brokers: string;
  dataDir: string;
  onKill: (kill: number) => void;
}): Promise<PublisherKills> {
  const { kills, brokers, dataDir, onKill } = options;
  const prefix = `kills-${randomUUID()}.`;
  const topic = `${prefix}certification-cron.events`;
  const env = { DATA_DIR: dataDir, KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix, LEASE_MS: '500' };
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(dataDir, 'log.db') });
  let inTheMiddle = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const service = await startService(env);
    await service.leading;
    const writing = writeRound(log, kill);
    await pause(Math.random() * LONGEST_LIFE_MS);
    await service.end('SIGKILL');
    await writing;
    const published = await readTopic(brokers, topic).catch(() => []);
    if (published.length < (await readWholeLog(log)).length) inTheMiddle++;
    onKill(kill);
  }
  const last = await startService(env);
  const events = await readWholeLog(log);
  const ids = new Set(events.map(({ id }) => id));
  let published: KcatMessage[] = [];
  await eventually(
    'everything is published',
    async () => {
      published = await readTopic(brokers, topic).catch(() => []);
      return new Set(published.map(({ headers }) => headers.ce_id)).size >= ids.size;
    },
    60_000,
  ).catch(() => undefined);
  await last.end('SIGTERM');
  await log.close();
  const found = new Set(published.map(({ headers }) => headers.ce_id));
  return {
    kills,
    inTheMiddle,
    events: ids.size,
    missing: [...ids].filter((id) => !found.has(id)).length,
    disordered: countDisordered(published),
    repeated: published.length - found.size,
  };
}

/** Changes of many jobs, written as by another process. */
async function writeRound(log: EventLog, round: number): Promise<void> {
  const at = '2026-03-26T10:00:00.000Z';
  const config = { ...defaultJobConfig, name: 'job', cron_expression: '0 2 1 1 *', enabled: false };
  for (let job = 0; job < JOBS; job++) {
    const cron_id = `cron-round${round}job${job}`;
    const changed = Array.from({ length: CHANGES_A_ROUND }, (_, change) => ({
      type: 'CronJobUpdated',
      data: { cron_id, changes: { name: `${change} ${filling()}` }, reason: null, updated_at: at },
    }));
    const history = [{ type: 'CronJobScheduled', data: { cron_id, ...config, created_at: at } }, ...changed];
    const metadata = { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 };
    const events = history.map((event) => ({ ...event, id: systemIds.uuid(), metadata }));
    await log.append([{ stream: jobStream(cron_id), expectedVersion: 0, events }]);
  }
}

const filling = (): string => 'x'.repeat(Math.floor(Math.random() * 150));

/** Messages that come after a later event with the same key, repeats apart. */
function countDisordered(messages: readonly KcatMessage[]): number {
  const newest = new Map<string, string>();
  const seen = new Set<string>();
  let disordered = 0;
  for (const { key, headers } of messages) {
    const { ce_id: id = '', ce_logposition: position = '' } = headers;
    if (seen.has(id)) continue;
    seen.add(id);
    if (position < (newest.get(key) ?? '')) disordered++;
    newest.set(key, position);
  }
  return disordered;
}

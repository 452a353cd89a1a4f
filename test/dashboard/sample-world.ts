import { loadConfig } from '../../src/config/config.js';
import type { Certification } from '../../src/ports/certification-registry.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';
import { asKey, keyedIn, keyOf } from './keyed-service.js';

/** A service with some weeks behind it, of which each view of the dashboard has something to show. */
export interface SampleWorld {
  service: RunningApp;
  clock: VirtualClock;
  /** Of who may do everything. */
  key: string;
  /** The ids of the jobs, by their names. */
  jobs: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

const START = '2026-03-05T09:00:00.000Z';
const DAY_MS = 86_400_000;
/** All slots are at whole steps. Who sleeps for less is woken at the next one only: a day in thousands of them takes long. */
const STEP_MS = 300_000;
const MENTORS = 160;
const TYPES = ['first-aid', 'safeguarding', 'food-hygiene', null];

const KEYS = { console: ['admin', 'people'], 'nightly-sync': ['admin', 'people'] } as const;

const JOBS = [
  { name: 'nightly_expiry_check', cron_expression: '0 2 * * *', time_zone: 'Europe/Berlin' },
  {
    name: 'first_aid_weekly',
    cron_expression: '30 7 * * MON',
    time_zone: 'America/New_York',
    labels: ['first-aid'],
  },
  {
    name: 'safeguarding_hourly',
    cron_expression: '0 * * * *',
    time_zone: 'UTC',
    labels: ['safeguarding', 'eu'],
  },
  {
    name: 'food_hygiene_check',
    cron_expression: '15 6 * * 1-5',
    time_zone: 'Asia/Kolkata',
    labels: ['food'],
  },
  { name: 'legacy_monthly_report', cron_expression: '0 5 1 * *', time_zone: 'Europe/London' },
  { name: 'pilot_region_north', cron_expression: '0 22 * * *', time_zone: 'Europe/Oslo', labels: ['eu'] },
];

/** Ten days, with changes by two senders, a night without any instance, a brake, and a job that was deleted. */
export async function startSampleWorld(DATA_DIR: string): Promise<SampleWorld> {
  const clock = createVirtualClock(START);
  const ids = createSeededIds(21);
  const env = { ...keyedIn(DATA_DIR, KEYS), LEASE_MS: String(2 * STEP_MS) };

  let instances = 0;
  async function start(): Promise<RunningApp> {
    instances += 1;
    const system = { clock, ids, instance: `service-${instances}`, logger: createCollectingLogger() };
    const { log, store, registry } = await openAdapters(loadConfig(env), system);
    if (instances === 1) await registry.upsert(certifications(), 'sample');
    const starting = startApp(env, { ...system, log, store, registry });
    return starting;
  }

  let service = await start();
  const jobs = new Map<string, string>();
  const ask = async (
    method: string,
    path: string,
    body?: object,
    by: keyof typeof KEYS = 'console',
  ): Promise<Record<string, any>> => {
    const headers = asKey(by);
    const answer = await service.call(method, path, body, headers);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const idOf = (name: string): string => jobs.get(name) ?? '';
  async function days(count: number): Promise<void> {
    for (let passed = 0; passed < count * DAY_MS; passed += STEP_MS) {
      clock.skipTo(new Date(clock.now() + STEP_MS).toISOString());
      await clock.advance(0);
    }
  }

  for (const job of JOBS) jobs.set(job.name, String((await ask('POST', '', job)).id));
  await days(3);
  const nightly = `/${idOf('nightly_expiry_check')}`;
  await ask('PUT', nightly, { reminder_thresholds: [60, 30, 7, 0], reason: 'mentors asked for two months' });
  await days(2);
  await ask(
    'PUT',
    nightly,
    { cron_expression: '30 2 * * *', reason: 'the export ends at two' },
    'nightly-sync',
  );
  await ask('DELETE', `/${idOf('legacy_monthly_report')}`, { reason: 'replaced by the nightly check' });
  // A night without an instance.
  await service.app.stop();
  clock.skipTo(new Date(clock.now() + 14 * 3_600_000).toISOString());
  service = await start();
  await days(2);
  const north = `/${idOf('pilot_region_north')}`;
  await ask('PUT', north, { enabled: false, reason: 'the pilot has ended' }, 'nightly-sync');
  await ask('PUT', `/${idOf('food_hygiene_check')}`, {
    max_reminders: 1,
    reminder_thresholds: [365, 90, 30],
  });
  await days(2);
  await ask('POST', `${nightly}/execute`, { dry_run: true, reason: 'before the audit' });
  await clock.advance(60_000);
  await eventually('no run is open', async () => {
    const { pagination } = await ask('GET', '?last_run_status=running');
    return pagination.total === 0;
  });
  return { service, clock, key: keyOf('console'), jobs, stop: () => service.app.stop() };
}

/** Some renewed, some suspended, and each week as many that expire as in the next. */
function certifications(): Certification[] {
  const date = (days: number): string =>
    new Date(Date.parse(START) + days * DAY_MS).toISOString().slice(0, 10);
  return Array.from({ length: MENTORS }, (_, index) => index).flatMap((index) => {
    const certification: Certification = {
      certification_id: `cert-${String(index + 1).padStart(4, '0')}`,
      mentor_id: `mentor-${String(1 + (index % 120)).padStart(3, '0')}`,
      expires_at: date(-20 + ((index * 7) % 180)),
      type: TYPES[index % TYPES.length] ?? null,
      labels: index % 3 === 0 ? ['eu'] : [],
      status: index % 17 === 0 ? 'suspended' : 'active',
      renewable_from: null,
    };
    if (index % 9 !== 0) return [certification];
    const renewed = {
      ...certification,
      certification_id: `${certification.certification_id}-2`,
      expires_at: date(400),
    };
    return [certification, renewed];
  });
}

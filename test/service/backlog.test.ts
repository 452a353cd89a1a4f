import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { jobStream } from '../../src/events/stream-names.js';
import { MOST_OPEN_RUNS } from '../../src/job/open-runs.js';
import type { Adapters } from '../../src/ports/adapters.js';
import type { Clock } from '../../src/ports/clock.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock } from '../support/virtual-clock.js';

/** A slot each second, all of them on time for a day, and nothing that keeps them apart. */
const GREEDY = {
  name: 'greedy',
  cron_expression: '* * * * * *',
  concurrency_policy: 'allow',
  misfire_grace_seconds: 86_400,
  timeout_seconds: 604_800,
};
/** The newest slot only. */
const MODEST = { ...GREEDY, name: 'modest', misfire_grace_seconds: 0 };
const HOURS_DOWN = 20;
/** Of real time. */
const AT_ONCE_MS = 1_000;

let service: RunningApp | undefined;
let gate: Gate | undefined;

afterEach(async () => {
  gate?.open();
  await service?.app.stop();
  service = undefined;
});

async function start(folder: string, clock: Clock, overrides: Partial<Adapters> = {}): Promise<RunningApp> {
  service = await startApp({ DATA_DIR: folder, ALLOW_SECONDS: 'true' }, { clock, ...overrides });
  return service;
}

/** No check that looks at it comes to an end before the test does. */
function hangingRegistry(): Partial<Adapters> {
  const passing = (gate = createGate());
  const registry = openSqliteRegistry({ clock: systemClock, ids: createSeededIds(), path: ':memory:' });
  return {
    registry: {
      ...registry,
      async *pages() {
        await passing.passed;
        yield* registry.pages();
      },
    },
  };
}

/** The service is back after many hours in which a greedy job and a modest one came due. */
async function backAfterHours(overrides: () => Partial<Adapters>) {
  const folder = temporaryFolder();
  const then = systemClock.now() - HOURS_DOWN * 3_600_000;
  const before = await start(folder, createVirtualClock(new Date(then).toISOString()));
  const { body: greedy } = await before.call('POST', '', GREEDY);
  const { body: modest } = await before.call('POST', '', MODEST);
  await before.app.stop();
  const after = await start(folder, systemClock, overrides());
  return { after, greedy: String(greedy.id), modest: String(modest.id) };
}

const streamOf = (id: string): Promise<RecordedEvent[]> =>
  service?.app.adapters.log.readStream(jobStream(id), { direction: 'forwards', limit: 1_000_000 }) ??
  Promise.resolve([]);

/** The most that were open at a time, by the log. */
function mostOpen(events: readonly RecordedEvent[]): number {
  let [open, most] = [0, 0];
  for (const { type } of events) {
    if (type === 'RunStarted') most = Math.max(most, ++open);
    if (type === 'RunCompleted') open--;
  }
  return most;
}

async function timed(asking: Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const began = systemClock.monotonic();
  const answer = await asking;
  return { answer, ms: systemClock.monotonic() - began };
}

describe.each([
  ['end at once', (): Partial<Adapters> => ({})],
  ['never end', hangingRegistry],
])(`a job with a slot each second under allow, ${HOURS_DOWN} hours down, whose runs %s`, (_, overrides) => {
  it('leaves other jobs on time, has a limit of open runs, and is deleted at once', async () => {
    const { after, greedy, modest } = await backAfterHours(overrides);
    await eventually('slots of the other job are started on time', async () => {
      const started = (await streamOf(modest)).filter(({ type }) => type === 'RunStarted').slice(1);
      return started.filter(({ data }) => Number(data.late_by_ms) < 1_000).length > 2;
    });
    expect(mostOpen(await streamOf(greedy))).toBe(MOST_OPEN_RUNS);

    const { answer, ms } = await timed(after.call('DELETE', `/${greedy}`));
    expect(answer.status).toBe(200);
    expect(ms).toBeLessThan(AT_ONCE_MS);
    const events = await streamOf(greedy);
    const [rest, deleted] = events
      .filter(({ type }) => type !== 'RunStarted' && type !== 'RunCompleted')
      .slice(-2);
    expect(rest).toMatchObject({ type: 'RunSkipped', data: { reason: 'deleted' } });
    expect(Number(rest?.data.count)).toBeGreaterThan(10_000);
    expect(deleted).toMatchObject({ type: 'CronJobDeleted' });
    expect(mostOpen(events)).toBe(MOST_OPEN_RUNS);
  });

  it('is disabled at once, and another change waits no longer', async () => {
    const { after, greedy } = await backAfterHours(overrides);
    for (const changes of [{ description: 'patience' }, { enabled: false }]) {
      const { answer, ms } = await timed(after.call('PUT', `/${greedy}`, changes));
      expect(answer.status).toBe(200);
      expect(ms).toBeLessThan(AT_ONCE_MS);
    }
    expect((await after.call('GET', `/${greedy}`)).body).toMatchObject({ enabled: false, next_run_at: null });
  });
});

it('triggers without end are refused from the limit on, and are answered', async () => {
  const app = await start(temporaryFolder(), systemClock, hangingRegistry());
  const { body: job } = await app.call('POST', '', { ...GREEDY, cron_expression: '@yearly' });
  for (const dry_run of [false, true]) {
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => app.call('POST', `/${job.id}/execute`, { dry_run })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(MOST_OPEN_RUNS);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(300 - MOST_OPEN_RUNS);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['too_many_open_runs']));
  }
  const { answer, ms } = await timed(app.call('DELETE', `/${job.id}`));
  expect(answer.status).toBe(200);
  expect(ms).toBeLessThan(AT_ONCE_MS);
});

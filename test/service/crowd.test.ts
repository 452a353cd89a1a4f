import { afterEach, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { MOST_OPEN_RUNS } from '../../src/job/open-runs.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { eventually } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Of one job that many runs may be open, real ones and dry ones each: all triggers at once must be within that. */
const CROWD = 2 * MOST_OPEN_RUNS;
const services: RunningApp[] = [];
let server: FakeEventStore | undefined;

afterEach(async () => {
  for (const { app } of services.splice(0)) await app.stop();
  server?.close();
  server = undefined;
});

async function start(env: Record<string, string>): Promise<RunningApp> {
  const service = await startApp(env);
  services.push(service);
  return service;
}

/** The environment of services on one event log. */
const STORES = {
  'the embedded store': () => Promise.resolve({ DATA_DIR: temporaryFolder() }),
  'EventStoreDB (stand-in)': async () => {
    server = await startEventStore();
    return { DATA_DIR: temporaryFolder(), EVENTSTORE_URL: server.connectionString };
  },
};

interface Answered {
  name?: string;
  answer: Answer;
}

/** As many triggers of the job, half of them dry, as changes of it, all at once. */
function crowdOn(service: RunningApp, id: string, who: string, size: number): Promise<Answered[]> {
  return Promise.all(
    Array.from({ length: size }, (_, nth) => {
      const name = `${who} ${nth}`;
      return [
        service.call('POST', `/${id}/execute`, { dry_run: nth % 2 === 0 }).then((answer) => ({ answer })),
        service.call('PUT', `/${id}`, { name }).then((answer) => ({ name, answer })),
      ];
    }).flat(),
  );
}

async function createJob(service: RunningApp): Promise<string> {
  const config = { name: 'before', cron_expression: '0 0 1 1 *', concurrency_policy: 'allow' };
  return (await service.call('POST', '', config)).body.id as string;
}

async function streamOf(service: RunningApp, id: string): Promise<RecordedEvent[]> {
  return service.app.adapters.log.readStream(jobStream(id), { direction: 'forwards', limit: 10_000 });
}

/** Everything is accepted, each answer shows its own change, and the log has each of them once. */
function expectAllServed(answered: readonly Answered[], events: readonly RecordedEvent[]): void {
  const changes = answered.filter(({ name }) => name !== undefined);
  const triggers = answered.filter(({ name }) => name === undefined);
  expect(new Set(changes.map(({ answer }) => answer.status))).toEqual(new Set([200]));
  expect(new Set(triggers.map(({ answer }) => answer.status))).toEqual(new Set([202]));
  for (const { name, answer } of changes) expect(answer.body.name).toBe(name);
  const written = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
  const names = written('CronJobUpdated').map(({ changes: made }) => (made as { name: string }).name);
  expect([...names].sort()).toEqual(changes.map(({ name }) => name ?? '').sort());
  const runs = written('RunStarted').map(({ run_id }) => String(run_id));
  expect([...runs].sort()).toEqual(triggers.map(({ answer }) => String(answer.body.run_id)).sort());
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
}

describe.each(Object.entries(STORES))('a crowd on one job, on %s', (_, environment) => {
  it('is accepted whole; each answer shows its own change, and the reads show the last one', async () => {
    const service = await start(await environment());
    const id = await createJob(service);
    const answered = await crowdOn(service, id, 'client', CROWD);
    const events = await streamOf(service, id);
    expectAllServed(answered, events);
    expect(answered.filter(({ answer }) => answer.headers.has('reads-lag'))).toEqual([]);
    const last = events.findLast(({ type }) => type === 'CronJobUpdated')?.data.changes as { name: string };
    expect((await service.call('GET', `/${id}`)).body.name).toBe(last.name);
    const completed = async () =>
      (await streamOf(service, id)).filter(({ type }) => type === 'RunCompleted').length === CROWD;
    await eventually('all runs have ended', completed);
  });

  it('is accepted whole by two instances', async () => {
    const env = await environment();
    const [one, other] = [await start(env), await start(env)];
    const id = await createJob(one);
    const answered = (
      await Promise.all([crowdOn(one, id, 'one', CROWD / 2), crowdOn(other, id, 'other', CROWD / 2)])
    ).flat();
    expectAllServed(answered, await streamOf(one, id));
  });
});

it('200 clients that change jobs of their own each read their own changes, also while all of them are at work', async () => {
  const service = await start(await STORES['the embedded store']());
  const ids = await Promise.all(Array.from({ length: 200 }, () => createJob(service)));
  const seen = await Promise.all(
    ids.map(async (id) => {
      const names: unknown[] = [];
      for (const name of ['first', 'second', 'third']) {
        await service.call('PUT', `/${id}`, { name });
        names.push((await service.call('GET', `/${id}`)).body.name);
      }
      return names.join(' ');
    }),
  );
  expect(new Set(seen)).toEqual(new Set(['first second third']));
});

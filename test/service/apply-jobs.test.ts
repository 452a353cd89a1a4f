import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { applyJobs, type Applied, type ApplyOptions } from '../../src/cli/apply-jobs.js';
import { createJobsClient } from '../../src/cli/jobs-client.js';
import { readJobsFile, type DeclaredJob } from '../../src/cli/jobs-file.js';
import { jobStream } from '../../src/events/stream-names.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;
let other: RunningApp;

beforeAll(async () => {
  const folder = temporaryFolder();
  service = await startApp({ DATA_DIR: folder });
  other = await startApp({ DATA_DIR: folder });
});
afterAll(async () => {
  await service.app.stop();
  await other.app.stop();
});

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, label: undefined, reason: undefined };
const client = (url = service.api) =>
  createJobsClient({ url, credential: undefined, clock: systemClock, onRetry: () => undefined });
const jobs = (...given: object[]): DeclaredJob[] =>
  readJobsFile(
    Buffer.from(
      JSON.stringify(
        given.map((one) => ({ name: 'nightly', cron_expression: '0 2 * * *', labels: ['team-a'], ...one })),
      ),
    ),
  );

async function apply(
  declared: readonly DeclaredJob[],
  options: Partial<ApplyOptions> = {},
  by = client(),
): Promise<string[]> {
  const applied: Applied[] = [];
  for await (const one of applyJobs(by, declared, { ...OPTIONS, ...options })) applied.push(one);
  return applied.map(({ key, done }) => `${key} ${done}`);
}

async function eventsOf(key: string): Promise<string[]> {
  const { id } = (await service.call('GET', `/by-key/${key}`)).body;
  const { log } = service.app.adapters;
  const events = await log.readStream(jobStream(String(id)), { direction: 'forwards', limit: 100 });
  return events.map(({ type }) => type);
}

describe('applying a file', () => {
  it('creates, changes and leaves jobs, and a dry run does nothing', async () => {
    const file = jobs({ key: 'one' }, { key: 'two' });
    expect(await apply(file, { dryRun: true })).toEqual(['one created', 'two created']);
    expect((await service.call('GET', '/by-key/one')).status).toBe(404);
    expect(await apply(file)).toEqual(['one created', 'two created']);
    expect(await apply(file)).toEqual(['one unchanged', 'two unchanged']);
    const changed = jobs({ key: 'one' }, { key: 'two', timeout_seconds: 60 });
    expect(await apply(changed, { reason: 'release 7' })).toEqual(['one unchanged', 'two updated']);
    expect(await eventsOf('one')).toEqual(['CronJobScheduled']);
  });

  it('by 100 at once, on two instances, gives one job each and no event after the first', async () => {
    const file = jobs(...Array.from({ length: 5 }, (_, index) => ({ key: `crowd-${index}` })));
    const applied = await Promise.all(
      Array.from({ length: 100 }, (_, index) => apply(file, {}, client([service, other][index % 2]?.api))),
    );
    expect(applied.flat().filter((one) => one.endsWith('created'))).toHaveLength(5);
    expect(applied.flat().filter((one) => one.endsWith('unchanged'))).toHaveLength(495);
    for (const { key } of file) expect(await eventsOf(key)).toEqual(['CronJobScheduled']);
  }, 60_000);

  it('changes them once when 50 do so at once', async () => {
    const file = jobs({ key: 'crowd-0', enabled: false }, { key: 'crowd-1', description: 'x' });
    await Promise.all(Array.from({ length: 50 }, () => apply(file)));
    for (const { key } of file) expect(await eventsOf(key)).toEqual(['CronJobScheduled', 'CronJobUpdated']);
  }, 60_000);

  it('goes on when the service refuses a job, and says so', async () => {
    const file = jobs({ key: 'seconds', cron_expression: '*/5 * * * * *' }, { key: 'after' });
    expect(await apply(file)).toEqual(['seconds refused', 'after created']);
  });

  it('says in a dry run what would be refused, of a job that is there as of one that is not', async () => {
    await apply(jobs({ key: 'hourly' }));
    const file = jobs(
      { key: 'hourly', cron_expression: '*/5 * * * * *' },
      { key: 'new', cron_expression: '*/5 * * * * *' },
      { key: 'possible' },
    );
    const outcome = ['hourly refused', 'new refused', 'possible created'];
    expect(await apply(file, { dryRun: true })).toEqual(outcome);
    expect(await apply(file)).toEqual(outcome);
  });

  it('ends where the next job would fare no better, and does not call jobs missing that it cannot see', async () => {
    const tried: string[] = [];
    const elsewhere = client(`${service.address}/elsewhere`);
    const counting = { ...elsewhere, find: (key: string) => (tried.push(key), elsewhere.find(key)) };
    const file = jobs({ key: 'first' }, { key: 'second' });
    await expect(apply(file, { dryRun: true }, counting)).rejects.toMatchObject({
      refusal: { status: 404, code: 'path_not_found' },
    });
    expect(tried).toEqual(['first']);
  });

  it('prunes what is declared, has the label, and is not in the file; nothing else', async () => {
    const undeclared = (
      await service.call('POST', '', { name: 'x', cron_expression: '0 2 * * *', labels: ['team-b'] })
    ).body.id as string;
    const file = jobs({ key: 'b-1', labels: ['team-b'] }, { key: 'b-2', labels: ['team-b'] });
    await apply(file);
    const [rest] = [file.slice(0, 1)];
    const options = { prune: true, label: 'team-b' };
    expect(await apply(rest, { ...options, dryRun: true })).toEqual(['b-1 unchanged', 'b-2 deleted']);
    const applied = await Promise.all(Array.from({ length: 20 }, () => apply(rest, options)));
    expect(applied.flat().filter((one) => one === 'b-2 deleted')).toHaveLength(1);
    expect((await service.call('GET', '/by-key/b-2')).status).toBe(404);
    for (const path of [`/${undeclared}`, '/by-key/one', '/by-key/b-1'])
      expect((await service.call('GET', path)).status).toBe(200);
    expect(await apply(file)).toEqual(['b-1 unchanged', 'b-2 created']);
  });
});

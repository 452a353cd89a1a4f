import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

type Answer = Record<string, any>;

const folder = temporaryFolder();
const env = { DATA_DIR: join(folder, 'data') };
let service: ServiceProcess;
let id: string;

beforeAll(async () => {
  service = await startService(env);
  const created = await call('POST', '', { name: 'nightly', cron_expression: '0 2 1 1 *' });
  id = created.id as string;
});

afterAll(() => service.end('SIGTERM'));

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${service.api}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

function dateIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The registry as the file of its owner has it. */
function importAll(lines: readonly string[]): void {
  const file = join(folder, 'certifications.csv');
  writeFileSync(file, ['certification_id,mentor_id,type,expires_at', ...lines, ''].join('\n'));
  const ended = runToEnd('dist/cli/cli.js', env, ['import', '--replace', file]);
  expect([ended.status, ended.stderr]).toEqual([0, '']);
}

/** A run from its start to its end, with those whom it has reminded. */
async function run(options: object = {}): Promise<Answer> {
  const { run_id } = await call('POST', `/${id}/execute`, options);
  const ended = await eventually('the run has ended', async () => {
    const now = await call('GET', `/${id}/runs/${run_id as string}`);
    return now.status !== 'running' && now;
  });
  const { data } = await call('GET', `/${id}/runs/${run_id as string}/reminders?limit=100`);
  return { ...ended, reminded: (data as Answer[]).map(nameOf) };
}

async function forecast(): Promise<Answer> {
  const { data, result } = await call('GET', `/${id}/forecast?limit=100`);
  return { result: result as object, reminded: (data as Answer[]).map(nameOf) };
}

const nameOf = ({ certification_id, threshold_days }: Answer): string =>
  `${certification_id as string}@${threshold_days as number}`;

// In this order, on one registry that is replaced each time, as its owner would.
describe('what users of reminders complain about', () => {
  it('an empty registry is no plain success', async () => {
    const empty = await run();
    expect(empty).toMatchObject({
      status: 'success',
      result: { mentors_checked: 0, reminders_sent: 0, warnings: [{ code: 'registry_empty' }] },
    });
    const { data } = await call('GET', '');
    expect((data as Answer[])[0]?.warnings).toMatchObject([{ code: 'registry_empty' }]);
  });

  it('a corrected date does not remind again', async () => {
    importAll([`aid-1,m1,first-aid,${dateIn(7)}`]);
    expect((await run()).reminded).toEqual(['aid-1@7']);
    for (const days of [6, 8, 20]) {
      importAll([`aid-1,m1,first-aid,${dateIn(days)}`]);
      const again = await run();
      expect(again).toMatchObject({ status: 'success', result: { reminders_sent: 0 }, reminded: [] });
    }
    importAll([`aid-1,m1,first-aid,${dateIn(1)}`]);
    expect((await run()).reminded).toEqual(['aid-1@1']);
  });

  it('a renewal under a new id ends the reminders of the old one, and the explanation says so', async () => {
    importAll([`aid-1,m1,first-aid,${dateIn(0)}`, `aid-2,m1,first-aid,${dateIn(365)}`]);
    const renewed = await run();
    expect(renewed).toMatchObject({
      status: 'success',
      result: { reminders_sent: 0, reasons: { superseded: 1, not_due: 1 } },
      reminded: [],
    });
    const { jobs, reminders } = await call('GET', '/certifications/aid-1');
    expect(jobs).toMatchObject([{ next_reminder: null, reason: 'superseded', superseded_by: 'aid-2' }]);
    expect((reminders as Answer[]).map(({ threshold_days }) => threshold_days as number)).toEqual([7, 1]);
  });

  it('5,000 by mistake remind nobody, until somebody confirms them', async () => {
    importAll(Array.from({ length: 5_000 }, (_, index) => `c-${index},m-${index},first-aid,${dateIn(1)}`));
    expect(await forecast()).toMatchObject({
      result: {
        reminders_sent: 5_000,
        warnings: [{ code: 'too_many_reminders', reminders: 5_000, limit: 1_000 }],
      },
    });
    const stopped = await run();
    expect(stopped).toMatchObject({
      status: 'failed',
      error: { code: 'too_many_reminders', reminders: 5_000, limit: 1_000 },
      reminded: [],
    });
    expect(await run({ confirm_reminders: 4_999 })).toMatchObject({ status: 'failed', reminded: [] });
    expect(await run({ confirm_reminders: 5_000 })).toMatchObject({
      status: 'success',
      result: { reminders_sent: 5_000 },
    });
  });

  it('a forecast and a dry run say what the real run then does', async () => {
    importAll(Array.from({ length: 60 }, (_, index) => `d-${index},m-${index % 9},,${dateIn(index)}`));
    const [foreseen, dry] = [await forecast(), await run({ dry_run: true })];
    const real = await run();
    expect(real.result).toEqual(dry.result);
    expect(foreseen.result).toEqual(dry.result);
    expect(foreseen.reminded).toEqual(real.reminded);
    expect(real.reminded).toHaveLength(31);
    expect((await forecast()).reminded).toEqual([]);
    const verified = runToEnd('dist/cli/cli.js', env, ['verify']);
    expect([verified.status, verified.stdout]).toEqual([
      0,
      expect.stringContaining('other broken promises 0'),
    ]);
  });
});

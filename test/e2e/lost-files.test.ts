import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startService, type ServiceProcess } from './service-process.js';

const job = { name: 'job', cron_expression: '0 2 * * *' };

async function create({ api }: ServiceProcess): Promise<number | 'no answer'> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(job),
  };
  return fetch(api, request).then(
    ({ status }) => status,
    () => 'no answer' as const,
  );
}

it.each([
  ['log.db is removed', 'log.db', rmSync],
  ['log.db is cut', 'log.db', truncateSync],
  ['its write-ahead log is removed', 'log.db-wal', rmSync],
  ['registry.db is removed', 'registry.db', rmSync],
] as const)(
  '%s: the process says so and ends with 1, and has acknowledged nothing since',
  async (_, name, take) => {
    const folder = temporaryFolder();
    const service = await startService({ DATA_DIR: folder });
    expect(await create(service)).toBe(201);
    const ended = new Promise<number | null>((resolve) => service.child.once('exit', resolve));
    take(join(folder, name));
    const answer = await create(service);
    if (name.startsWith('log')) expect(answer).not.toBe(201);
    expect(await ended).toBe(1);
    const line = service.output.find((each) => each.includes('"level":"error"')) ?? '';
    expect(line).toContain('a file of the service is gone: the process ends');
    expect(line).toContain(join(folder, name));
    expect(line).toContain('restore a backup');
  },
);

it('read.db is removed: a WARN says that it is made anew, and the service goes on', async () => {
  const folder = temporaryFolder();
  const service = await startService({ DATA_DIR: folder });
  expect(await create(service)).toBe(201);
  rmSync(join(folder, 'read.db'));
  expect(await create(service)).toBe(201);
  await eventually('the WARN', () =>
    service.output.some(
      (line) => line.includes('"level":"warn"') && line.includes('its rows are made anew from the log'),
    ),
  );
  expect(await service.end('SIGTERM')).toBe(0);
  const next = await startService({ DATA_DIR: folder });
  await eventually('both jobs', async () => {
    const { pagination } = (await (await fetch(next.api)).json()) as { pagination?: { total: number } };
    return pagination?.total === 2;
  });
  expect(await next.end('SIGTERM')).toBe(0);
});

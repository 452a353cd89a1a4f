import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock as clock } from '../../src/adapters/system/clock.js';
import { systemIds as ids } from '../../src/adapters/system/ids.js';
import { makeLargeStore } from '../service/large-store.js';
import { startWatchingClients } from '../service/watching-clients.js';
import { differingRows } from '../support/compare-read-models.js';
import { startService } from './service-process.js';

/**
 * `npm run rebuild-under-load -- --events 1000000`: two instances on one folder are read and written while `rebuild` is
 * killed in the middle, and then runs to its end. Ends with 1 when a request failed, an answer was older than one before
 * it, or the rows are not those of the log.
 */
const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, jobs: { type: 'string', default: '1000' } },
});
const size = { events: Number(values.events), jobs: Number(values.jobs) };
const folder = mkdtempSync(join(tmpdir(), 'rebuild-under-load-'));
const say = (line: string): unknown => process.stderr.write(`${new Date().toISOString()} ${line}\n`);

interface Rebuilding {
  child: ChildProcess;
  ended: Promise<number | null>;
}

function startRebuild(onLine: (line: string) => void): Rebuilding {
  const child = spawn(process.execPath, ['dist/cli/cli.js', 'rebuild'], {
    env: { PATH: process.env.PATH, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr])
    output.on('data', (text: Buffer) => {
      for (const line of text.toString().split('\n').filter(Boolean)) {
        say(`  ${line}`);
        onLine(line);
      }
    });
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

async function createJobs(api: string): Promise<string[]> {
  const created: string[] = [];
  for (let nth = 0; nth < 40; nth++) {
    const response = await fetch(api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `watched ${nth}`, cron_expression: '* * * * *' }),
    });
    created.push(((await response.json()) as { id: string }).id);
  }
  return created;
}

try {
  say(`making a log of ${size.events} events`);
  await makeLargeStore(folder, size);
  const services = [await startService({ DATA_DIR: folder }), await startService({ DATA_DIR: folder })];
  const apis = services.map(({ api }) => api);
  const jobs = await createJobs(apis[0] ?? '');
  const clients = startWatchingClients(apis, jobs, { readers: 4, pauseMs: 20 });

  for (const killAt of [/ [3-6]\d % /, /writers now write both/]) {
    const killed: Rebuilding = startRebuild((line) => killAt.test(line) && killed.child.kill('SIGKILL'));
    say(`killed: ${String(await killed.ended)}`);
  }
  const began = performance.now();
  const code = await startRebuild(() => undefined).ended;
  const seconds = (performance.now() - began) / 1_000;
  await clients.stop();
  for (const service of services) await service.end('SIGTERM');

  say('comparing with the log');
  const log = openSqliteEventLog({ clock, ids, path: join(folder, 'log.db') });
  const store = openSqliteReadStore({ clock, ids, path: join(folder, 'read.db') });
  const differing = await differingRows(log, store);
  await Promise.all([log.close(), store.close()]);
  const { requests, failed, older, longestMs } = clients.seen;
  const isRight = code === 0 && failed.length + older.length + differing.length === 0;
  process.stdout.write(
    `rebuild ended with ${code} after ${seconds.toFixed(0)} s; ${requests} requests, ${failed.length} failed, ` +
      `${older.length} older answers, the longest took ${longestMs.toFixed(0)} ms; ${differing.length} rows differ\n` +
      [...failed, ...older, ...differing.map(({ text }) => text)]
        .slice(0, 20)
        .map((line) => `${line}\n`)
        .join(''),
  );
  process.exitCode = isRight ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

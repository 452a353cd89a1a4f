import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/driver.js';
import { eventually } from '../support/eventually.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** One second is the aim; the machine may be busy. */
const READY_WITHIN_MS = 3_000;

const running: ServiceProcess[] = [];

async function start(env: Record<string, string>, args: string[] = []): Promise<ServiceProcess> {
  const service = await startService(env, args);
  running.push(service);
  return service;
}

/** A process that does not end stays listed, for the kill after the test. */
async function stop(service: ServiceProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const code = await service.end(signal);
  running.splice(running.indexOf(service), 1);
  return code;
}

afterEach(async () => {
  for (const service of [...running]) await stop(service, 'SIGKILL');
});

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('is ready soon, and ends well on %s', async (signal) => {
    const service = await start({ DATA_DIR: join(temporaryFolder(), 'made', 'when needed') });
    expect(service.readyAfterMs).toBeLessThan(READY_WITHIN_MS);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
    await service.leading;
    expect(await stop(service, signal)).toBe(0);
    const lines = service.output.map((line) => JSON.parse(line) as { msg: string; level: string });
    expect(lines.map(({ msg }) => msg)).toEqual([
      ...['ready', 'leadership acquired', 'stopping', 'lease released', 'stopped'],
    ]);
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('is started by the command line, too', async () => {
    const service = await startService({ DATA_DIR: temporaryFolder() }, ['serve'], 'dist/cli/cli.js');
    running.push(service);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
    expect(await stop(service)).toBe(0);
    expect(runToEnd('dist/cli/cli.js', { PORT: 'x' }, ['serve']).status).toBe(78);
  });

  it('starts nothing when it is given an argument that it does not know', () => {
    const { status, stdout, stderr } = runToEnd('dist/main.js', { DATA_DIR: temporaryFolder() }, ['--dmeo']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('"--dmeo" is no argument; allowed: --demo');
  });

  it('stays, and ends well, when the reader of its output has gone', async () => {
    const service = await start({ DATA_DIR: temporaryFolder() });
    service.child.stdout?.destroy();
    service.child.stderr?.destroy();
    expect((await fetch(`${service.address}/readyz`)).status).toBe(200);
    expect(await stop(service)).toBe(0);
  });

  it('warns when others than this machine can reach it, and that is wanted', async () => {
    const open = { DATA_DIR: temporaryFolder(), HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' };
    const service = await start(open);
    await eventually('the warning', () => service.output.some((line) => line.includes('"level":"warn"')));
  });
});

describe('what it cannot start with', () => {
  it.each([
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['LOG_LEVEL', 'verbose', 'debug, info, warn, error, silent'],
    ['ALLOW_SECONDS', 'yes', 'true or false'],
    ['REMINDER_THRESHOLD_DAYS', '30,-10000', 'whole numbers of days from -9999 to 9999'],
    ['DATA_DIR', '', 'must name a folder'],
    ['KAFKA_BROKERS', 'localhost', 'host:port'],
  ])('%s=%s: says what is allowed, and ends with 78', (name, given, allowed) => {
    const { status, stderr } = runToEnd('dist/main.js', { [name]: given });
    expect(status).toBe(78);
    expect(stderr).toContain(name);
    expect(stderr).toContain(allowed);
    expect(stderr).toContain(name.startsWith('KAFKA') ? 'not shown' : `given: ${JSON.stringify(given)}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  const SECRET = 'Can4ryWord';
  it.each<Record<string, string>>([
    { MONGODB_URL: `mongodb:/admin:${SECRET}@db` },
    { MONGODB_URL: `mongodb://admin:p@${SECRET}@db` },
    { MONGODB_URL: `mongodb://db/?password=${SECRET}` },
    { MONGODB_URL: `mongodb://db/admin:${SECRET}` },
    { EVENTSTORE_URL: `esdb://db?password=${SECRET}` },
    { EVENTSTORE_URL: `esdb://db?%74ls=${SECRET}` },
    { EVENTSTORE_URL: `esdb://db?tlsCAFile=${SECRET}` },
    { KAFKA_BROKERS: `admin:${SECRET}@k:9092` },
    { KAFKA_BROKERS: 'k:9092', KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: SECRET },
  ])('a secret where none belongs: names the variable or server, and does not repeat it: %j', (env) => {
    const { status, stdout, stderr } = runToEnd('dist/main.js', env);
    expect([1, 78]).toContain(status);
    expect(stderr).toMatch(/_URL|KAFKA|MongoDB|esdb:/);
    expect(stdout + stderr).not.toMatch(new RegExp(SECRET, 'i'));
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'cron.example.com', '127.0.0.1.example.com'])(
    'an address that others reach, unless that is wanted: %s',
    (host) => {
      const DATA_DIR = join(temporaryFolder(), 'data');
      const { status, stderr } = runToEnd('dist/main.js', { DATA_DIR, HOST: host });
      expect(status).toBe(78);
      expect(stderr).toContain(`HOST is ${host}`);
      expect(stderr).toContain('ALLOW_ANONYMOUS=true');
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(existsSync(DATA_DIR)).toBe(false);
    },
  );

  it('the embedded store in production, unless that is wanted', async () => {
    const { status, stderr } = runToEnd('dist/main.js', { NODE_ENV: 'production' });
    expect(status).toBe(78);
    expect(stderr).toContain('ALLOW_EMBEDDED=true');
    await start({ DATA_DIR: temporaryFolder(), NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' });
  });

  it('a log of another program: names the file, leaves it alone, and ends with 1', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'log.db');
    const foreign = new Database(file);
    foreign.exec('CREATE TABLE precious (text); INSERT INTO precious VALUES (1)');
    foreign.close();
    const { status, stderr } = runToEnd('dist/main.js', { DATA_DIR: folder });
    expect(status).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).toContain('another program');
    expect(stderr).not.toMatch(/^\s+at /m);
    const after = new Database(file, { readonly: true });
    expect(after.prepare('SELECT count(*) FROM precious').pluck().get()).toBe(1);
    after.close();
  });

  it('a SQLite driver that was not built: says what is wrong and what to do, and ends with 1', () => {
    const hooks = `export const resolve = (name, context, next) => {
      if (name.startsWith('better-sqlite3')) throw new Error('nothing was built');
      return next(name, context);
    }`;
    const dataUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))})`;
    const { status, stderr } = runToEnd('dist/main.js', { NODE_OPTIONS: `--import ${dataUrl(register)}` });
    expect(status).toBe(1);
    expect(stderr).toContain('SQLite driver');
    expect(stderr).toContain('nothing was built');
    expect(stderr).toContain('install');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each(['dist/main.js', 'dist/cli/cli.js'])(
    'an old Node.js: says which it needs, and ends with 78: %s',
    (entry) => {
      const fake = "Object.defineProperty(process.versions, 'node', { value: '18.20.8' })";
      const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(fake)}` };
      const { status, stdout, stderr } = runToEnd(entry, env);
      expect([status, stdout]).toEqual([78, '']);
      expect(stderr).toMatch(
        /^certification-cron: needs Node.js 20.19 or later, and this is 18.20.8 \(.+\)\n$/,
      );
    },
  );

  it('a port that is in use: names it, and ends with 1', async () => {
    const { address } = await start({ DATA_DIR: temporaryFolder() });
    const { port } = new URL(address);
    const { status, stderr } = runToEnd('dist/main.js', { PORT: port });
    expect(status).toBe(1);
    expect(stderr).toContain(port);
  });

  it.each(['nowhere.invalid', '192.0.2.1'])('an address that is not of this machine: %s', (host) => {
    const { status, stderr } = runToEnd('dist/main.js', { HOST: host, ALLOW_ANONYMOUS: 'true' });
    expect(status).toBe(1);
    expect(stderr).toContain(`HOST ${host}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('the demo', () => {
  async function execute({ api, output }: ServiceProcess): Promise<unknown> {
    await eventually('the banner', () => output.includes('stop with Ctrl-C'));
    expect(output.join('\n')).toContain(`certification-cron is ready: ${api}`);
    expect(output.join('\n')).toContain('event log sqlite');
    const job = `${api}/cron-001`;
    const headers = { 'content-type': 'application/json' };
    const executed = await fetch(`${job}/execute`, { method: 'POST', headers, body: '{"dry_run":false}' });
    expect(executed.status).toBe(202);
    const { run_id } = (await executed.json()) as { run_id: string };
    return eventually('the run ends', async () => {
      const { data } = (await (await fetch(`${job}/runs`)).json()) as { data: Record<string, unknown>[] };
      const newest = data.find((row) => row.run_id === run_id);
      return newest?.status === 'success' && newest.result;
    });
  }

  it('shows a first run with reminders, and after a restart none twice', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    const first = await start(env, ['--demo']);
    expect(await execute(first)).toMatchObject({ mentors_checked: 124, reminders_sent: 3, errors: 0 });
    expect(await stop(first)).toBe(0);
    const second = await start(env, ['--demo']);
    expect(await execute(second)).toMatchObject({ mentors_checked: 124, reminders_sent: 0, errors: 0 });
    expect(await stop(second)).toBe(0);
  });
});

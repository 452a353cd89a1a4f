import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { askEventstore } from './ask-servers.js';
import { startServers } from './start-servers.js';

const connections: Socket[] = [];
/** Is asked in place of Docker, and never answers: so Docker is missing on every machine. */
const hungDocker = createServer((socket) => connections.push(socket));

beforeAll(async () => {
  await new Promise<void>((resolve) => hungDocker.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  hungDocker.close();
  for (const connection of connections) connection.destroy();
});

interface ServersProcess {
  output: { stdout: string; stderr: string };
  ended: Promise<number | null>;
  end: (signal: NodeJS.Signals) => void;
}

const dockerHost = (): string => `tcp://127.0.0.1:${(hungDocker.address() as AddressInfo).port}`;

/** The two pipes deliver in either order: the last line of one may come before the only line of the other. */
const saysAll = ({ stdout, stderr }: ServersProcess['output']) =>
  stdout.endsWith('\n') && stderr.includes('Ctrl-C ends them\n');

/** What `npm run servers` starts. */
function startProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): ServersProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/servers/servers.ts', ...args], {
    env: { PATH: process.env.PATH, DOCKER_HOST: dockerHost(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  // Not 'exit': the last of its output comes after that.
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { output, ended, end: (signal) => void child.kill(signal) };
}

describe('npm run servers', () => {
  it('-- eventstore gives the stand-in alone, until SIGTERM, where there is neither a server nor Docker', async () => {
    const { output, ended, end } = startProcess(['eventstore']);
    try {
      await eventually('it has started', () => saysAll(output));
      const [, url = ''] =
        /^EVENTSTORE_URL=(esdb:\/\/127\.0\.0\.1:\d+\?tls=false)\n$/.exec(output.stdout) ?? [];
      const said = `servers: EventStoreDB at ${url} (local: a stand-in for EventStoreDB, which keeps nothing)`;
      expect(output.stderr).toBe(`${said}\nservers: Ctrl-C ends them\n`);
      await askEventstore(url);
    } finally {
      end('SIGTERM');
    }
    expect(await ended).toBe(0);
  });

  it('prints a given server, and leaves it alone', async () => {
    const url = 'esdb://elsewhere:2113';
    const { output, ended, end } = startProcess(['eventstore'], { EVENTSTORE_URL: url });
    await eventually('it has started', () => saysAll(output));
    end('SIGINT');
    expect(await ended).toBe(0);
    expect(output.stdout).toBe(`EVENTSTORE_URL=${url}\n`);
    expect(output.stderr).toContain('(given)');
  });

  it('refuses a server that it does not know', async () => {
    const { output, ended } = startProcess(['eventstore', 'postgres']);
    expect(await ended).toBe(1);
    expect(output.stdout).toBe('');
    expect(output.stderr).toContain("'postgres' is invalid");
    expect(output.stderr).toContain('Allowed choices are kafka, mongodb, eventstore');
  });
});

describe('the servers for the tests', () => {
  it('have no EventStoreDB where there is neither a server nor Docker, so that its tests are skipped', async () => {
    process.env.DOCKER_HOST = dockerHost();
    Reflect.deleteProperty(process.env, 'EVENTSTORE_URL');
    const { eventstore, stop } = await startServers(['eventstore']);
    await stop();
    expect(eventstore).toEqual({
      kind: 'missing',
      reason: expect.stringContaining('Docker does not answer'),
    });
  });
});

import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { probeLimits, publicLimits } from '../../src/http/http-limits.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblem } from './expect-problem.js';
import { rawRequest } from './raw-request.js';

const running: RunningApp[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const { app } of running.splice(0)) await app.stop();
});

async function start(env: Record<string, string>): Promise<RunningApp & { probes: string }> {
  const service = await startApp({ DATA_DIR: temporaryFolder(), ...env });
  running.push(service);
  const ready = service.logged.find(({ message }) => message === 'ready')?.fields as { probes?: string };
  return { ...service, probes: String(ready.probes) };
}

const statusOf = async (url: string): Promise<number> =>
  (await fetch(url, { headers: { connection: 'close' } })).status;

describe('the port of the probes', () => {
  it('answers the probes and nothing else', async () => {
    const { address, probes } = await start({ PROBE_PORT: '0' });
    expect(probes).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(probes).not.toBe(address);
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect(await statusOf(probes + path)).toBe(200);
      expect(await statusOf(address + path)).toBe(200);
    }
    for (const [method, path] of [
      ['GET', BASE_PATH],
      ['POST', `${BASE_PATH}/cron-1/execute`],
      ['GET', `${BASE_PATH}/leader`],
      ['GET', '/'],
    ] as const) {
      const answer = await rawRequest(probes, { method, path });
      const contentType = answer.headers['content-type'];
      expectProblem({ ...answer, contentType }, { status: 404, code: 'path_not_found' });
    }
    const foreign = await rawRequest(probes, {
      method: 'GET',
      path: '/metrics',
      headers: { host: 'evil.com' },
    });
    expect(foreign.status).toBe(421);
  });

  it('is not there unless it is wanted', async () => {
    expect((await start({})).probes).toBe('undefined');
    expect((await start({ PROBE_PORT: '' })).probes).toBe('undefined');
  });

  it('answers while all connections of the public port are taken', async () => {
    const { address, probes } = await start({ PROBE_PORT: '0' });
    const { port } = new URL(address);
    let closed = 0;
    for (let index = 0; index < publicLimits.connections + 50; index++) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      socket.on('close', () => closed++);
      socket.write(`GET ${BASE_PATH}?page=1 HTTP/1.1\r\nHost: a`);
      sockets.push(socket);
    }
    await eventually('the first ones are closed', () => closed >= 50);
    for (let round = 0; round < 2 * probeLimits.connections; round++) {
      expect(await statusOf(`${probes}/livez`)).toBe(200);
      if (round % 10 === 0) expect(await statusOf(`${probes}/readyz`)).toBe(200);
    }
  });

  it('says that the service stops until it has', async () => {
    const { app, address, probes } = await start({ PROBE_PORT: '0' });
    await app.stop();
    running.length = 0;
    for (const url of [address, probes]) await expect(statusOf(`${url}/livez`)).rejects.toThrow();
  });

  it('may not be in use', async () => {
    const { probes } = await start({ PROBE_PORT: '0' });
    const { port } = new URL(probes);
    await expect(start({ PROBE_PORT: port })).rejects.toThrow(`PROBE_PORT ${port}`);
  });
});

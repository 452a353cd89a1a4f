import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CLIENTS = 60;
const BASE = '/api/v1/certification-cron';

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});

afterAll(() => service.app.stop());

/** Sends all of it, and waits until the connection is closed. @returns what was answered */
function sendAndHangUp(text: string, how: 'end' | 'destroy'): Promise<string> {
  const { hostname, port } = new URL(service.address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer);
    });
    socket.write(text, () => socket[how]());
  });
}

function requestOf(method: string, path: string, body: object): string {
  const text = JSON.stringify(body);
  const headers = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n`;
  return `${method} ${BASE}${path} HTTP/1.1\r\n${headers}\r\n${text}`;
}

async function createJob(): Promise<string> {
  const job = { name: 'x', cron_expression: '0 0 1 1 *', concurrency_policy: 'allow' };
  return String((await service.call('POST', '', job)).body.id);
}

async function eventsOf(id: string) {
  // One more request is answered after all of them.
  await service.call('GET', `/${id}`);
  return service.app.adapters.log.readStream(jobStream(id), { direction: 'forwards', limit: 10_000 });
}

it.each(['end', 'destroy'] as const)(
  'a dry run whose client hangs up becomes no real run: %s',
  async (how) => {
    const id = await createJob();
    let isOver = false;
    const readOn = async (): Promise<void> => {
      while (!isOver) await service.call('GET', '?limit=100');
    };
    const load = Promise.all(Array.from({ length: 20 }, readOn));
    const dryRun = requestOf('POST', `/${id}/execute`, { dry_run: true });
    await Promise.all(Array.from({ length: CLIENTS }, () => sendAndHangUp(dryRun, how)));
    isOver = true;
    await load;
    const real = (await eventsOf(id)).filter(
      ({ type, data }) => type === 'RunStarted' && data.dry_run !== true,
    );
    expect(real).toEqual([]);
  },
);

it('a dry run that waits behind another request of its connection becomes no real run when its client hangs up', async () => {
  const id = await createJob();
  const dryRun = requestOf('POST', `/${id}/execute`, { dry_run: true });
  const answer = await sendAndHangUp(
    requestOf('POST', '/preview', { cron_expression: '* * * * *' }) + dryRun,
    'end',
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  const real = (await eventsOf(id)).filter(
    ({ type, data }) => type === 'RunStarted' && data.dry_run !== true,
  );
  expect(real).toEqual([]);
});

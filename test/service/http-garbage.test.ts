import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawBytes } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
});

afterAll(() => service.app.stop());

describe('bytes that are no request', () => {
  it.each([
    ['garbage', Buffer.from('GARBAGE\r\n\r\n'), 400],
    ['zeros', Buffer.alloc(100), 400],
    ['the beginning of TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx', 400],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
  ])('%s', async (_, bytes, status) => {
    const answer = await rawBytes(service.address, bytes);
    const [head = '', text = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^Content-Type: application\/problem\+json/im);
    // There was no request, so there is no id of one.
    expect(JSON.parse(text)).toMatchObject({
      type: 'urn:certification-cron:problem:invalid_http',
      title: expect.stringMatching(/./),
      status,
      code: 'invalid_http',
      detail: expect.stringMatching(/./),
    });
    expect((await service.call('GET', `${service.address}/livez`)).status).toBe(200);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf } from '../../src/access/api-keys.js';
import { BASE_PATH } from '../../src/http/api.js';
import { rawRequest, type RawAnswer } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { documentsInRepository } from '../golden/documents.js';
import { expectProblem } from './expect-problem.js';

let service: RunningApp;

beforeAll(async () => {
  // Documents are for everybody, also where the rest needs a credential.
  const folder = temporaryFolder();
  const keysFile = join(folder, 'keys.json');
  const hash = `sha256:${hashOf('k'.repeat(43)).toString('hex')}`;
  const keys = [{ name: 'reader', hash, scopes: ['read'], expires_at: null }];
  writeFileSync(keysFile, JSON.stringify({ keys }), { mode: 0o600 });
  service = await startApp({ DATA_DIR: folder, API_KEYS_FILE: keysFile });
});
afterAll(() => service.app.stop());

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> =>
  rawRequest(service.address, { method, path, headers });

describe('the documents of events and topics', () => {
  it('are answered to everybody as they lie in the repository', async () => {
    const files = [...documentsInRepository()];
    expect(files.length).toBeGreaterThan(20);
    for (const [file, content] of files) {
      const { status, headers, text } = await ask(`/${file}`);
      expect({ file, status, type: headers['content-type'] }).toEqual({
        file,
        status: 200,
        type: 'application/json; charset=utf-8',
      });
      expect(JSON.parse(text)).toEqual(content);
    }
  });

  it('are the only thing that is: the rest needs a credential here', async () => {
    expect((await ask(BASE_PATH)).status).toBe(401);
    expect((await ask('/metrics')).status).toBe(401);
  });

  it('are listed, each schema where it is', async () => {
    const { schemas } = JSON.parse((await ask('/schemas')).text) as {
      schemas: { urn: string; file: string }[];
    };
    expect(schemas.length).toBeGreaterThan(20);
    for (const { urn, file } of schemas)
      expect(JSON.parse((await ask(`/schemas/${file}`)).text)).toMatchObject({ $id: urn });
  });

  it.each(['/asyncapi.json', '/schemas', '/schemas/RunStarted.3.json'])(
    'are sent again only when they have changed: %s',
    async (path) => {
      const { headers } = await ask(path);
      const etag = String(headers.etag);
      expect(etag).toMatch(/^"[\w-]{43}"$/);
      expect(headers['cache-control']).toBe('public, max-age=300');
      const again = await ask(path, { 'if-none-match': etag });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
      expect((await ask(path, { 'if-none-match': '"another"' })).status).toBe(200);
      const head = await ask(path, {}, 'HEAD');
      expect({ status: head.status, text: head.text, etag: head.headers.etag }).toEqual({
        status: 200,
        text: '',
        etag,
      });
    },
  );

  it.each([
    '/schemas/RunStarted.99.json',
    '/schemas/RunStarted',
    '/schemas/..%2Fasyncapi.json',
    '/schemas/..%2F..%2Fpackage.json',
    '/schemas/__proto__',
    `/schemas/${'x'.repeat(5_000)}`,
  ])('are no other files: %s', async (path) => {
    const { status, headers, text } = await ask(path);
    expectProblem(
      { status, text, contentType: headers['content-type'] },
      { status: 404, code: 'path_not_found' },
    );
    expect(text.length).toBeLessThan(600);
  });

  it.each(['POST', 'PUT', 'DELETE'])('are only read: %s', async (method) => {
    for (const path of ['/asyncapi.json', '/schemas', '/schemas/RunStarted.3.json'])
      expect((await ask(path, {}, method)).status).toBe(405);
  });
});

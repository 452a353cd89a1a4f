import { delimiter, dirname, join } from 'node:path';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithPython } from '../servers/with-python.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { documentedOperations } from './documented-operations.js';
import { runProgram } from './run-program.js';
import { startWatchedService, type WatchedService } from './watched-service.js';

const WITHIN_MS = 120_000;
const CALLS = 'test/clients/python';

describeWithPython('a client in Python, generated from the document', (python) => {
  const folder = temporaryFolder();
  const generated = join(folder, 'certification-cron-client');
  const caches = dirname(dirname(python));
  let service: WatchedService;

  beforeAll(async () => {
    service = await startWatchedService();
  }, WITHIN_MS);
  afterAll(() => service.stop());

  /** @param args of Python @param at the folder to run it in */
  const run = (args: readonly string[], at: string, env = {}) =>
    runProgram([python, ...args], {
      folder: at,
      env: {
        // The generator formats with ruff where it finds it.
        PATH: dirname(python) + delimiter + String(process.env.PATH),
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: generated,
        MYPYPATH: generated,
        ...env,
      },
    });

  it(
    'is generated without a warning, and has names for all types',
    async () => {
      const url = `${service.address}/openapi.json`;
      const command = ['-m', 'openapi_python_client', 'generate', '--url', url, '--fail-on-warning'];
      const { status, said } = await run(command, folder);
      expect({ status, said }).toEqual({ status: 0, said: expect.not.stringMatching(/warning|unable/i) });
      const models = readdirSync(join(generated, 'certification_cron_client', 'models'));
      expect(models.length).toBeGreaterThan(50);
      // So it calls what stands unnamed in a choice, such as that of an object and null.
      expect(models.filter((name) => /_type_\d/.test(name))).toEqual([]);
    },
    WITHIN_MS,
  );

  it.each([
    ['leave nothing to the linter', ['-m', 'ruff', 'check', '--no-cache', '.']],
    ['are formatted', ['-m', 'ruff', 'format', '--no-cache', '--check', '.']],
    ['are typed, and the client with them', ['-m', 'mypy', '--cache-dir', join(caches, 'mypy-client'), '.']],
  ])(
    'its calls %s',
    async (_, args) => {
      const { status, said } = await run(args, CALLS);
      expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
    },
    WITHIN_MS,
  );

  it(
    'calls each operation, and gets what it expects',
    async () => {
      const env = { ADDRESS: service.address, KEY: service.key };
      expect(await run(['drive.py'], CALLS, env)).toEqual({ status: 0, said: '' });
      const succeeded = service.succeeded();
      expect(documentedOperations().filter((name) => !succeeded.has(name))).toEqual([]);
    },
    WITHIN_MS,
  );
});

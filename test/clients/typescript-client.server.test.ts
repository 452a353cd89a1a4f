import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithTypeScriptPackages } from '../servers/with-typescript-packages.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { DASHBOARD_TYPES, typesCommand } from './dashboard-types.js';
import { documentedOperations } from './documented-operations.js';
import { runProgram } from './run-program.js';
import { startWatchedService, type WatchedService } from './watched-service.js';

const WITHIN_MS = 120_000;
const FINE = { status: 0, said: '' };

describeWithTypeScriptPackages('a client in TypeScript, generated from the document', (packages) => {
  const folder = temporaryFolder();
  let service: WatchedService;

  beforeAll(async () => {
    service = await startWatchedService();
    cpSync('test/clients/typescript', folder, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    symlinkSync(packages, join(folder, 'node_modules'));
  }, WITHIN_MS);
  afterAll(() => service.stop());

  const run = (file: string, args: string[], env = {}) =>
    runProgram([process.execPath, file, ...args], { folder, env });
  const bin = (name: string): string => join(packages, '.bin', name);

  it(
    'is generated, and typed as strictly as can be',
    async () => {
      const generated = await run(bin('openapi-typescript'), [
        `${service.address}/openapi.json`,
        '-o',
        'api.ts',
      ]);
      expect(generated.said).not.toMatch(/warn|error/i);
      expect(generated.status).toBe(0);
      expect(await run(bin('tsc'), ['-p', '.'])).toEqual(FINE);
    },
    WITHIN_MS,
  );

  it(
    'is what the dashboard has of the document: else write it anew by npm run schemas',
    async () => {
      const made = join(folder, 'dashboard.d.ts');
      const [, program = '', ...args] = typesCommand(packages, resolve('openapi.json'), made);
      expect((await run(program, args)).status).toBe(0);
      expect(readFileSync(DASHBOARD_TYPES, 'utf8')).toBe(readFileSync(made, 'utf8'));
    },
    WITHIN_MS,
  );

  it(
    'calls each operation, and gets what it expects',
    async () => {
      const env = { ADDRESS: service.address, KEY: service.key };
      expect(await run('compiled/drive.js', [], env)).toEqual(FINE);
      const succeeded = service.succeeded();
      expect(documentedOperations().filter((name) => !succeeded.has(name))).toEqual([]);
    },
    WITHIN_MS,
  );
});

import { describe } from '@jest/globals';
import type { ServerName } from './server-plans.js';
import { testVariables } from './test-variables.js';

/** describe, where that server is available; elsewhere it is skipped, and its name says why. */
export function describeWithServer(server: ServerName, name: string, tests: (url: string) => void): void {
  const variables = testVariables[server];
  const url = process.env[variables.url];
  if (url !== undefined) {
    describe(name, () => tests(url));
    return;
  }
  const reason = process.env[variables.missing] ?? 'only *.server.test.ts files have servers';
  describe.skip(`${name} (SKIPPED: no ${server}: ${reason})`, () => tests(`no-${server}://`));
}

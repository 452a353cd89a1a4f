import { describe } from '@jest/globals';
import { typescriptVariables } from './test-variables.js';

/** describe, where the packages of a client in TypeScript are; elsewhere it is skipped, and its name says why. */
export function describeWithTypeScriptPackages(name: string, tests: (packages: string) => void): void {
  const packages = process.env[typescriptVariables.path];
  if (packages !== undefined) {
    describe(name, () => tests(packages));
    return;
  }
  const reason = process.env[typescriptVariables.missing] ?? 'only *.server.test.ts files have them';
  describe.skip(`${name} (SKIPPED: no packages of npm: ${reason})`, () => tests('no-packages'));
}

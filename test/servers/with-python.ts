import { describe } from '@jest/globals';
import { pythonVariables } from './test-variables.js';

/** describe, where Python has what the examples need; elsewhere it is skipped, and its name says why. */
export function describeWithPython(name: string, tests: (python: string) => void): void {
  const python = process.env[pythonVariables.path];
  if (python !== undefined) {
    describe(name, () => tests(python));
    return;
  }
  const reason = process.env[pythonVariables.missing] ?? 'only *.server.test.ts files have it';
  describe.skip(`${name} (SKIPPED: no Python: ${reason})`, () => tests('no-python'));
}

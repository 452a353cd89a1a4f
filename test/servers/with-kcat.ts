import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** describe, where kcat is installed; elsewhere it is skipped, and its name says why. */
export function describeWithKcat(name: string, tests: () => void): void {
  if (spawnSync('kcat', ['-V']).status === 0) describe(name, tests);
  else describe.skip(`${name} (SKIPPED: kcat is not installed)`, tests);
}

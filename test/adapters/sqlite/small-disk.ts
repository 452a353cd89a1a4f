import { execFileSync } from 'node:child_process';
import { afterEach, describe } from '@jest/globals';
import { temporaryFolder } from '../../support/temporary-folder.js';

const mounted: string[] = [];
// After the afterEach of a describe, which closes what is open there, and before the folders are removed.
afterEach(unmountAll);

/** A file system of its own, of that size. */
export function mountDisk(size: string): string {
  const disk = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'ignore' });
  mounted.push(disk);
  return disk;
}

function unmountAll(): void {
  for (const disk of mounted.splice(0)) execFileSync('umount', ['--lazy', disk]);
}

function canMount(): boolean {
  try {
    mountDisk('64k');
    unmountAll();
    return true;
  } catch {
    return false;
  }
}

export function makeReadOnly(disk: string): void {
  execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'ignore' });
}

/** describe, where disks can be mounted; elsewhere it is skipped, and its name says why. */
export function describeWithDisk(name: string, tests: () => void): void {
  if (canMount()) describe(name, tests);
  else describe.skip(`${name} (SKIPPED: needs root and the right to mount a tmpfs)`, tests);
}

import { ownPackage } from '../service/own-package.js';

/** EX_CONFIG of sysexits.h: starting again will not help. */
const EXIT_CONFIG = 78;

/**
 * Ends the process with 78 when this Node.js is too old. An entry calls it before it imports anything else: the packages
 * use syntax that an old Node.js cannot read, and it would only say which.
 */
export function refuseOldNode(): void {
  const { oldestNode } = ownPackage;
  if (!isOlder(process.versions.node, oldestNode)) return;
  process.stderr.write(
    `certification-cron: needs Node.js ${oldestNode} or later, and this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(EXIT_CONFIG);
}

/**
 * Whether a version comes before another one, by its numbers; those left out are 0, and what follows them, as in
 * `20.19.0-rc.1`, does not count. One that does not begin with a number is not older: it is better to try.
 */
export function isOlder(version: string, other: string): boolean {
  const own = numbersOf(version);
  const others = numbersOf(other);
  if (own.length === 0) return false;
  const place = [0, 1, 2].find((index) => (own[index] ?? 0) !== (others[index] ?? 0));
  return place !== undefined && (own[place] ?? 0) < (others[place] ?? 0);
}

function numbersOf(version: string): number[] {
  const [numbers = ''] = /^\d+(\.\d+){0,2}/.exec(version.replace(/^v/, '')) ?? [];
  return numbers === '' ? [] : numbers.split('.').map(Number);
}

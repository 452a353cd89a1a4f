import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOlder } from '../../../src/cli/refuse-old-node.js';
import { ownPackage } from '../../../src/service/own-package.js';

describe('the oldest Node.js', () => {
  it('is that of package.json', () => {
    const { engines, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      engines: { node: string };
      version: string;
    };
    expect(engines.node).toMatch(/^>=\d+(\.\d+){0,2}$/);
    expect(ownPackage).toEqual({ version, oldestNode: engines.node.slice(2) });
    expect(isOlder(process.versions.node, ownPackage.oldestNode)).toBe(false);
  });

  it.each([
    ...['20.18.99', 'v20.18.99', '20.9.0', '18.20.8', '16.20.2', '9.99.99', '0.12.18', '20', '20.18'],
    ...['20.18.3-rc.1', '20.18.0-nightly20240101abc', '20.x'],
  ])('is later than %s', (version) => {
    expect(isOlder(version, '20.19')).toBe(true);
  });

  it.each([
    ...['20.19.0', 'v20.19.0', '20.19', '20.19.0-rc.1', '20.19.1', '20.20.2', '20.100.0', '21.0.0', '21.x'],
    ...['22.x', '22', '22.14.0', '24.0.0-nightly20250101abc', '100.0.0'],
    // Nobody knows what this is: it is tried.
    ...['', 'x', 'unknown', '-1'],
  ])('is not later than %s', (version) => {
    expect(isOlder(version, '20.19')).toBe(false);
  });

  it('is compared number by number', () => {
    const numbers = fc.tuple(fc.nat(300), fc.nat(300), fc.nat(300));
    const weight = ([major, minor, patch]: number[]): number =>
      ((major ?? 0) * 1_000 + (minor ?? 0)) * 1_000 + (patch ?? 0);
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom('', '-rc.1', '-pre', '+build'), (one, other, rest) => {
        expect(isOlder(one.join('.') + rest, other.join('.'))).toBe(weight(one) < weight(other));
      }),
    );
  });
});

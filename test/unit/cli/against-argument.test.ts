import { InvalidArgumentError } from 'commander';
import { expect, it } from '@jest/globals';
import { againstArgument } from '../../../src/cli/against-argument.js';
import { instantArgument } from '../../../src/cli/instant-argument.js';
import { placeArgument } from '../../../src/cli/place-argument.js';
import { headText } from '../../../src/ledger/log-head.js';

it('a head is told from the path of a manifest', () => {
  const head = { count: 7, position: '0000000000000000012', hash: 'ab'.repeat(32) };
  expect(againstArgument(headText(head))).toEqual(head);
  for (const path of ['audit/manifest.json', 'manifest.json', './m', 'C:\\audit\\manifest'])
    expect(againstArgument(path)).toBe(path);
  // A folder that is there.
  expect(againstArgument('src')).toBe('src');
  expect(() => againstArgument('6:abc')).toThrow(/Allowed is a head as verify prints it.*or a path such as/);
});

it('a place is a position of either log, a time or a date', () => {
  const positions = ['0000000000000000012', '00000000000000004780-00000000000000004780'];
  for (const position of positions) expect(placeArgument(position)).toBe(position);
  expect(placeArgument('2026-03-08T07:00:00Z')).toBe('2026-03-08T07:00:00.000Z');
  expect(placeArgument('2026-03-08')).toBe('2026-03-08T00:00:00.000Z');
  expect(instantArgument('2026-03-08')).toBe(Date.parse('2026-03-08'));
  for (const wrong of ['12', 'yesterday', '2026-02-30', '2026-03-08T07:00:00', ''])
    expect(() => placeArgument(wrong)).toThrow(InvalidArgumentError);
});

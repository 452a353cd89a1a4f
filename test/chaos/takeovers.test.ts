import { expect, it } from '@jest/globals';
import type { Seen } from './follow-log.js';
import { percentile, takeovers } from './takeovers.js';

const seen = (at: number, type: string, data: Record<string, unknown>, term?: number): Seen => ({
  at,
  event: { type, data, metadata: { term } } as unknown as Seen['event'],
});

it('measures from the kill to the lease, and to the first scheduled decision of a later term', () => {
  const log = [
    seen(10, 'LeaseTaken', { term: 1, holder: 'a' }),
    // The old leader's last one, and a manual run, do not count.
    seen(100, 'RunStarted', { slot: 'x' }, 1),
    seen(400, 'LeaseTaken', { term: 2, holder: 'b' }),
    seen(450, 'RunStarted', { slot: null }, 2),
    seen(500, 'RunSkipped', {}, 2),
  ];
  const mark = { kind: 'kill', at: 90, term: 1 } as const;
  const offsets = (a: number, b: number) => (holder: string) => (holder === 'a' ? a : b);
  const expected = { ...mark, leaseMs: 310, decisionMs: 410, behindMs: 0 };
  expect(takeovers([mark], log, offsets(0, 1_000))).toEqual([expected]);
  expect(takeovers([mark], log, offsets(800, -200))).toEqual([{ ...expected, behindMs: 1_000 }]);
  expect(takeovers([{ ...mark, term: 2 }], log, offsets(0, 0))).toMatchObject([
    { leaseMs: undefined, decisionMs: undefined },
  ]);
});

it('takes a renewal for the taking, where that has left the log before it was seen', () => {
  const log = [
    seen(10, 'LeaseTaken', { term: 1, holder: 'a' }),
    seen(80, 'LeaseRenewed', { term: 1, holder: 'a' }),
    seen(450, 'LeaseRenewed', { term: 2, holder: 'b' }),
  ];
  const mark = { kind: 'kill', at: 90, term: 1 } as const;
  expect(takeovers([mark], log, () => 0)).toMatchObject([{ leaseMs: 360, decisionMs: undefined }]);
});

it('takes percentiles by rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 198, 200]);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeUndefined();
});

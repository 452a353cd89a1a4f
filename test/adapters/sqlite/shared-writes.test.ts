import { describe, expect, it } from '@jest/globals';
import { ROWS_PER_TRANSACTION, type ChangedRow } from '../../../src/adapters/sqlite/row-slices.js';
import { createSharedWrites } from '../../../src/adapters/sqlite/shared-writes.js';
import { jobRow } from '../../support/sample-documents.js';

const slice = (name: string, rows = 1): ChangedRow[] =>
  Array.from({ length: rows }, (_, index) => ({ model: 'jobs', row: jobRow(`cron-${name}${index}`) }));
const keysOf = (rows: readonly ChangedRow[]): string[] => rows.map(({ row }) => row.key);

/** Each transaction ends when the test says so. */
function transactions() {
  const open: { keys: string[]; commit: () => void; fail: (error: Error) => void }[] = [];
  const write = createSharedWrites(async (take) => {
    await new Promise<void>((resolve, reject) => {
      open.push({ keys: keysOf(take()), commit: resolve, fail: reject });
    });
  });
  return { open, write };
}

describe('writes that share a transaction', () => {
  it('writes together, in their order, what has come while the transaction before was open', async () => {
    const { open, write } = transactions();
    const all = ['a', 'b', 'c'].map((name) => write(slice(name)));
    expect(open.map(({ keys }) => keys)).toEqual([['cron-a0']]);
    open[0]?.commit();
    await all[0];
    expect(open[1]?.keys).toEqual(['cron-b0', 'cron-c0']);
    open[1]?.commit();
    await Promise.all(all);
    expect(open).toHaveLength(2);
  });

  it('has at most so many rows in one transaction, or one slice that is larger', async () => {
    const { open, write } = transactions();
    const sizes = [1, ROWS_PER_TRANSACTION - 1, 1, ROWS_PER_TRANSACTION + 5, 2];
    const all = sizes.map((rows, index) => write(slice(`${index}x`, rows)));
    for (let at = 0; at < 4; at++) {
      open[at]?.commit();
      await Promise.race([new Promise((resolve) => setImmediate(resolve)), Promise.all(all)]);
    }
    await Promise.all(all);
    expect(open.map(({ keys }) => keys.length)).toEqual([
      1,
      ROWS_PER_TRANSACTION,
      ROWS_PER_TRANSACTION + 5,
      2,
    ]);
  });

  it('tells all that shared a transaction of its failure, and goes on with the others', async () => {
    const { open, write } = transactions();
    const [first, second, third] = ['a', 'b', 'c'].map((name) => write(slice(name)));
    open[0]?.commit();
    await first;
    const later = write(slice('d'));
    open[1]?.fail(new Error('disk full'));
    await expect(second).rejects.toThrow('disk full');
    await expect(third).rejects.toThrow('disk full');
    open[2]?.commit();
    await later;
  });

  it('gives the same rows to a transaction that is tried again', async () => {
    const taken: string[][] = [];
    const write = createSharedWrites((take) => {
      taken.push(keysOf(take()), keysOf(take()));
      return Promise.resolve();
    });
    await write(slice('a'));
    expect(taken).toEqual([['cron-a0'], ['cron-a0']]);
  });

  it('fails all that wait where no transaction can begin', async () => {
    const write = createSharedWrites(() => Promise.reject(new Error('locked')));
    const all = await Promise.allSettled([write(slice('a')), write(slice('b'))]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

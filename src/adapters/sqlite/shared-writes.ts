import { ROWS_PER_TRANSACTION, type ChangedRow } from './row-slices.js';

/** Writes rows in one transaction. @param take gives the rows when the transaction has begun; also again, after a retry */
export type WriteTogether = (take: () => readonly ChangedRow[]) => Promise<void>;

interface Waiting {
  slice: readonly ChangedRow[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Slices of rows that wait at the same time share a transaction, as group commit has it: a hundred requests that each
 * write three rows need seven of them, not a hundred.
 * @returns a function that resolves when the rows are written; when it rejects, those written with them are not there either
 */
export function createSharedWrites(
  writeTogether: WriteTogether,
): (slice: readonly ChangedRow[]) => Promise<void> {
  const waiting: Waiting[] = [];
  let isWriting = false;

  /** In the order of their arrival. One that is alone may be as large as it likes. */
  function takeSome(): Waiting[] {
    let rows = 0;
    const most = waiting.findIndex(({ slice }) => (rows += slice.length) > ROWS_PER_TRANSACTION);
    return waiting.splice(0, most === -1 ? waiting.length : Math.max(most, 1));
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      let taken: Waiting[] | undefined;
      try {
        await writeTogether(() => (taken ??= takeSome()).flatMap(({ slice }) => slice));
        for (const { resolve } of taken ?? []) resolve();
      } catch (error) {
        // Where no transaction could begin, nothing is taken yet.
        for (const { reject } of taken ?? waiting.splice(0)) reject(error);
      }
    }
    isWriting = false;
  }

  return (slice) =>
    new Promise((resolve, reject) => {
      waiting.push({ slice, resolve, reject });
      if (!isWriting) void writeAll();
    });
}

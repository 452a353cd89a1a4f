/** A page that names no limit ends before the row that would exceed it: one may have 20 labels of 128 characters. */
const MOST_UNASKED_BYTES = 49_152;

/** Of the rows of such a page as many as fit, at least one. */
export function unaskedPage<T>(rows: readonly T[]): T[] {
  let left = MOST_UNASKED_BYTES;
  return rows.filter((row, index) => {
    left -= Buffer.byteLength(JSON.stringify(row));
    return index === 0 || left >= 0;
  });
}

/** Data of one version in, data of the next version out. Pure. */
export type Upcaster = (data: unknown) => unknown;

/**
 * Brings data up to today's version, one version at a time.
 * @param earlier all versions before today's, version 1 first
 * @param from the version of `data`, 1 or more
 */
export function upcast(earlier: readonly { toNext: Upcaster }[], from: number, data: unknown): unknown {
  return earlier.slice(from - 1).reduce((older, { toNext }) => toNext(older), data);
}

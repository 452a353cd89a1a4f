/** Data of one version in, data of the next version out. Pure. */
export type Upcaster = (data: unknown) => unknown;

/**
 * Brings data up to today's version, one version at a time.
 * @param from the version of `data`, 1 or more; the first upcaster reads version 1
 */
export function upcast(upcasters: readonly Upcaster[], from: number, data: unknown): unknown {
  return upcasters.slice(from - 1).reduce((older, toNext) => toNext(older), data);
}

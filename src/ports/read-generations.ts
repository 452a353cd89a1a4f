import type { ReadStore } from './read-store.js';

/**
 * Which rows of a read store are shown and written. A generation is a whole set of rows of all models; the checkpoints
 * are not part of it. Generations beside each other differ in parity: a store may keep two places for them.
 */
export interface Generations {
  /** Counts the changes of this record. */
  revision: number;
  /** The generation that readers see. */
  live: number;
  /** Another one that writers write as well: before the live one if it is newer, else after it. */
  beside: number | null;
  /** The highest generation that there ever was. */
  last: number;
  rebuild: Rebuild | null;
}

/** A rebuild under way. */
export interface Rebuild {
  id: string;
  /** The generation that it makes. */
  generation: number;
  /** Grows while the rebuild lives. */
  beat: number;
}

export const FIRST_GENERATIONS: Generations = {
  revision: 0,
  live: 0,
  beside: null,
  last: 0,
  rebuild: null,
};

/** The rows of one generation, live or not. */
export type GenerationRows = Pick<ReadStore, 'read' | 'readAll' | 'write'>;

/** The generations of a read store, for who makes a new one. Every call may throw StoreError. */
export interface ReadGenerations {
  /**
   * A changed record holds for every reader and writer so many milliseconds after it was stored: whoever still goes by
   * the one before has begun earlier.
   */
  readonly knownAfterMs: number;
  read(): Promise<Generations>;
  /**
   * Stores a record in the place of the one that was read, with the next revision.
   * @returns it; undefined when another one is there by now, and nothing has changed
   */
  replace(before: Generations, next: Generations): Promise<Generations | undefined>;
  /**
   * The rows of the generation that a rebuild makes. Where two generations share a place, writing throws StoreError
   * checkpoint_taken as soon as the rebuild is not the one under way.
   */
  rowsOf(rebuild: Rebuild): GenerationRows;
  /**
   * Removes the rows of all generations but the live one and `beside`, in steps so short that nobody waits for them.
   * @param beforeStep is awaited before each step; when it throws, the rest stays
   */
  removeOthers(rebuild: Rebuild, beforeStep: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The number for the next generation. */
export function nextGeneration({ live, last }: Generations): number {
  return (last + 1 - live) % 2 === 0 ? last + 2 : last + 1;
}

/** Ends a rebuild, if there is one, and leaves the live generation as it is. */
export function withoutRebuild(record: Generations): Generations {
  return { ...record, beside: null, rebuild: null };
}

/** Writers wait so long for a sign of life before they end a rebuild that was killed. */
const FORSAKEN_AFTER_MS = 60_000;

/**
 * Tells a rebuild that was killed while writers write for it.
 * @returns a function that takes each record read, with the monotonic time
 */
export function createForsakenWatch(): (record: Generations, now: number) => boolean {
  let seen: { revision: number; since: number } | undefined;
  return ({ revision, beside }, now) => {
    if (seen?.revision !== revision) seen = { revision, since: now };
    return beside !== null && now - seen.since > FORSAKEN_AFTER_MS;
  };
}

import { FIRST_HASH, hashAfter } from './hash-lines.js';
import type { Manifest, Milestone } from './manifest.js';

/** Where an event is; its position and id only where it can be read. */
export interface Place {
  stream: string;
  version: number;
  position: string;
  event_id: string;
}

/** An event of what is compared, and the chain up to it. */
export interface Link {
  hash: string;
  place: Place;
}

/** What lies between two milestones, the first of which is as exported. */
export interface Stretch {
  after: Milestone | undefined;
  until: Milestone;
  /** What is there instead. */
  links: readonly Link[];
}

export type ChainVerdict =
  | { kind: 'same'; beyond: number }
  /** All that is there is as exported, as far as milestones tell; `count` events, which are too few. */
  | { kind: 'shorter'; count: number; stretch: Stretch }
  | { kind: 'other'; stretch: Stretch };

/** Computes the chain of lines anew, and compares it with that of a manifest. Memory is that of one stretch. */
export function createChainProof({ events, milestones }: Pick<Manifest, 'events' | 'milestones'>) {
  let hash = FIRST_HASH;
  let count = 0;
  let beyond = 0;
  let reached = 0;
  let links: Link[] = [];
  let other: Stretch | undefined;

  function stretch(until: Milestone): Stretch {
    return { after: milestones[reached - 1], until, links };
  }

  return {
    /** @param placeOf called before the next line is taken, if at all */
    take(line: string, placeOf: () => Place): void {
      if (count === events.count) beyond++;
      if (count === events.count || other !== undefined) return;
      hash = hashAfter(hash, line);
      count++;
      links.push({ hash, place: placeOf() });
      const next = milestones[reached];
      if (next?.count !== count) return;
      if (next.hash === hash) {
        reached++;
        links = [];
      } else other = stretch(next);
    },
    verdict(): ChainVerdict {
      if (other !== undefined) return { kind: 'other', stretch: other };
      const next = milestones[reached];
      return next === undefined
        ? { kind: 'same', beyond }
        : { kind: 'shorter', count, stretch: stretch(next) };
    },
  };
}

/** The first event of a stretch that is not as exported. */
export interface FirstDifference {
  /** Its number in the export, from 1. */
  number: number;
  /** The line that was exported. */
  line: string;
  /** What is in its place; undefined where nothing is. */
  found: Place | undefined;
}

/**
 * Finds it by the lines that were exported.
 * @returns undefined when these lines do not differ from the stretch, or are not those of the export
 */
export async function findFirstDifference(
  { after, until, links }: Stretch,
  lines: AsyncIterable<string>,
): Promise<FirstDifference | undefined> {
  let number = 0;
  let hash = after?.hash ?? FIRST_HASH;
  let first: FirstDifference | undefined;
  for await (const line of lines) {
    number++;
    if (number <= (after?.count ?? 0)) continue;
    hash = hashAfter(hash, line);
    const link = links[number - (after?.count ?? 0) - 1];
    if (link?.hash !== hash) first ??= { number, line, found: link?.place };
    if (number === until.count) return hash === until.hash ? first : undefined;
  }
  return undefined;
}

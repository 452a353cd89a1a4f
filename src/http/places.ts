import { ANONYMOUS } from '../access/principal.js';
import type { ProblemCode } from './problem-code.js';
import { ProblemError } from './problem.js';

/**
 * Places for requests that last long. Their connections are never cut to make room for others, so they must not become all
 * of those that there may be.
 */
export interface Places {
  /**
   * Takes a place.
   * @param actor who sends the request; anonymous senders cannot be told apart, and may have all places
   * @returns gives it back
   * @throws ProblemError with the code of these places
   */
  take(actor: string): () => void;
}

export interface PlacesOptions {
  code: ProblemCode;
  /** What has a place, such as `streams of events`. */
  what: string;
  most: number;
  /** Of one sender, so that one whose clients go astray keeps nobody else out. */
  mostOfOne: number;
}

export function createPlaces({ code, what, most, mostOfOne }: PlacesOptions): Places {
  const open = new Map<string, number>();
  let all = 0;

  function refuse(detail: string): never {
    throw new ProblemError({ status: 503, code, detail });
  }

  return {
    take(actor) {
      const ofActor = open.get(actor) ?? 0;
      if (all >= most) refuse(`${most} ${what} are open, as many as there may be`);
      if (ofActor >= mostOfOne && actor !== ANONYMOUS.actor)
        refuse(`${actor} has ${mostOfOne} ${what} open, as many as one sender may have`);
      all++;
      open.set(actor, ofActor + 1);
      return () => {
        all--;
        const left = (open.get(actor) ?? 0) - 1;
        if (left > 0) open.set(actor, left);
        else open.delete(actor);
      };
    },
  };
}

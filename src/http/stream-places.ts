import { ANONYMOUS } from '../access/principal.js';
import { ProblemError } from './problem.js';

/** Of 500 connections that there may be: streams are never cut to make room, so they must not become all of them. */
const MOST_STREAMS = 100;
/** Of one sender, so that one whose clients go astray keeps nobody else out. */
const MOST_OF_ONE = 20;

/** The places for streams that are open at once. */
export interface StreamPlaces {
  /**
   * Takes a place.
   * @param actor who sends the request; anonymous senders cannot be told apart, and may have all places
   * @returns gives it back
   * @throws ProblemError too_many_streams
   */
  take(actor: string): () => void;
}

export function createStreamPlaces(): StreamPlaces {
  const open = new Map<string, number>();
  let all = 0;

  return {
    take(actor) {
      const ofActor = open.get(actor) ?? 0;
      if (all >= MOST_STREAMS)
        throw tooMany(`${MOST_STREAMS} streams of events are open, as many as there may be`);
      if (ofActor >= MOST_OF_ONE && actor !== ANONYMOUS.actor)
        throw tooMany(`${actor} has ${MOST_OF_ONE} streams of events open, as many as one sender may have`);
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

function tooMany(detail: string): ProblemError {
  return new ProblemError({ status: 503, code: 'too_many_streams', detail });
}

import { NO_STREAM } from '@eventstore/db-client';
import type { Ids } from '../../../../src/ports/ids.js';
import { countOf, drawAppends, revision } from './draw-appends.js';
import type { KnownStream, KnownStreams } from './known-streams.js';
import { createLots } from './lots.js';
import type { Delete, Operation, Read, ReadAll, SetMetadata } from './operation.js';

/** Draws operations one after the other, each from what is known after those before it. */
export function drawOperations(ids: Ids, known: KnownStreams): () => Operation {
  const lots = createLots(ids);
  const append = drawAppends(ids, known);

  function read({ name, last }: KnownStream): Read {
    const backwards = lots.below(2) === 0;
    const places = ['start', 'end', 'revision', 'revision'] as const;
    const place = lots.oneOf(places);
    const behind = BigInt(lots.below(countOf(last) + 3));
    // This service never reads forwards from the end.
    const unusual = place === 'end' && !backwards && lots.below(5) > 0;
    const from = place === 'revision' || unusual ? behind : place;
    return { kind: 'read', stream: name, backwards, from, limit: lots.oneOf([1, 2, 3, 5, 10, 1_000]) };
  }

  function readAll({ group }: KnownStream): ReadAll | undefined {
    const places = known.places(group);
    if (places.length < 2) return undefined;
    const backwards = lots.below(2) === 0;
    const earlier = lots.below(places.length - 1);
    const later = earlier + 1 + lots.below(places.length - earlier - 1);
    const [first, last] = [places[earlier], places[later]];
    if (first === undefined || last === undefined) return undefined;
    if (!backwards) return { kind: 'read_all', group, backwards, from: first, to: last };
    return { kind: 'read_all', group, backwards, from: lots.oneOf([last, 'end']), to: first };
  }

  function setMetadata({ name, last }: KnownStream): SetMetadata {
    const metadata =
      lots.below(2) === 0
        ? { maxCount: 1 + lots.below(6) }
        : { truncateBefore: lots.below(countOf(last) + 2) };
    return { kind: 'set_metadata', stream: name, metadata };
  }

  function remove({ name, last }: KnownStream): Delete {
    const kind = lots.below(8) === 0 ? 'tombstone' : 'delete';
    const another = revision(lots.below(countOf(last) + 3) - 1);
    return { kind, stream: name, expected: lots.oneOf(['any', last, last, another, NO_STREAM]) };
  }

  return () => {
    const group = lots.below(4) === 0 ? 'deleted' : 'used';
    const stream = known.pick(group, () => ids.random());
    const chance = lots.below(100);
    if (group === 'deleted' && chance < 10) return remove(stream);
    if (chance < 15) return setMetadata(stream);
    if (chance < 45) return read(stream);
    return (chance < 55 ? readAll(stream) : undefined) ?? append(stream);
  };
}

import { NO_STREAM } from '@eventstore/db-client';
import type { Ids } from '../../../../src/ports/ids.js';
import type { Attempt, KnownStream, KnownStreams } from './known-streams.js';
import type { Append, Expected, Proposed } from './operation.js';
import { createLots } from './lots.js';

type Variant = Omit<Append, 'kind' | 'stream'>;

/** The ways in which this service may append, and in which two of its processes may get in each other's way. */
export function drawAppends(ids: Ids, known: KnownStreams): (stream: KnownStream) => Append {
  const lots = createLots(ids);
  let said = 0;
  const fresh = (count = 1 + lots.below(4)): Proposed[] =>
    Array.from({ length: count }, () => ({ id: ids.uuid(), said: ++said }));
  /** The same ids with other data: a repeat is known by its ids alone. */
  const again = (events: readonly Proposed[]): Proposed[] => events.map(({ id }) => ({ id, said: ++said }));

  const asNew = ({ last }: KnownStream): Variant => ({ expected: last, events: fresh(), why: 'new' });

  function inPart({ expected, events }: Attempt): Variant {
    const same = again(events);
    const parts: [string, Proposed[]][] = [
      ['only its beginning', same.slice(0, -1)],
      ['only its end', same.slice(1)],
      ['with one more', [...same, ...fresh(1)]],
      ['with another end', [...same.slice(0, -1), ...fresh(1)]],
      ['with another beginning', [...fresh(1), ...same.slice(1)]],
      ['in another order', same.length > 1 ? same.toReversed() : []],
    ];
    const [part, proposed] = lots.oneOf(parts.filter(([, rest]) => rest.length > 0));
    return { expected, events: proposed, why: `repeated ${part}` };
  }

  function withIdsOf({ expected }: Attempt, { last }: KnownStream, another: Attempt): Variant {
    const at = lots.oneOf([last, expected]);
    return { expected: at, events: again(another.events), why: 'ids of another stream' };
  }

  function draw(stream: KnownStream): Variant {
    const attempt = stream.attempts.length === 0 ? undefined : lots.oneOf(stream.attempts);
    const chance = lots.below(100);
    const { last } = stream;
    if (chance < 8)
      return { expected: BigInt(countOf(last) + lots.below(5)), events: fresh(), why: 'too late' };
    if (attempt === undefined || last === NO_STREAM || chance < 45) return asNew(stream);
    if (chance < 58) return { ...attempt, events: again(attempt.events), why: 'repeated whole' };
    if (chance < 75) return inPart(attempt);
    if (chance < 80) return { expected: last, events: again(attempt.events), why: 'ids again at the end' };
    const another = known.other(stream, () => ids.random())?.attempts[0];
    if (chance < 88 && another !== undefined) return withIdsOf(attempt, stream, another);
    return { expected: revision(lots.below(countOf(last)) - 1), events: fresh(), why: 'too early' };
  }

  return (stream) => ({ kind: 'append', stream: stream.name, ...draw(stream) });
}

/** How many events a stream has had. */
export const countOf = (last: Expected): number => (last === NO_STREAM ? 0 : Number(last) + 1);

export const revision = (number: number): Expected => (number < 0 ? NO_STREAM : BigInt(number));

import { NO_STREAM } from '@eventstore/db-client';
import type { Append, Expected, Group, Place, Proposed } from './operation.js';

/** An append that both servers have taken. */
export interface Attempt {
  expected: Expected;
  events: readonly Proposed[];
}

/** A stream as both servers have it. */
export interface KnownStream {
  name: string;
  group: Group;
  last: Expected;
  attempts: Attempt[];
  /** How often it was drawn. */
  drawn: number;
}

const MOST_OPEN = 6;
const MOST_DRAWN = 60;
/** So far back `$all` is read at most. */
const MOST_PLACES = 40;

/** What is known of the servers as long as they answer alike. */
export interface KnownStreams {
  /** One of those in use, or a new one. */
  pick(group: Group, random: () => number): KnownStream;
  /** Another one that has events. */
  other(than: KnownStream, random: () => number): KnownStream | undefined;
  /** Ends of appends, the oldest first. */
  places(group: Group): readonly Place[];
  appended(append: Append, next: bigint): void;
  /** They differ here: nothing more is known, of this stream or in `$all` before now. */
  forget(stream: string | undefined): void;
}

export function createKnownStreams(): KnownStreams {
  const open: Record<Group, KnownStream[]> = { used: [], deleted: [] };
  const places: Record<Group, Place[]> = { used: [], deleted: [] };
  let made = 0;

  function make(group: Group): KnownStream {
    const name = `${group === 'used' ? 'u' : 'd'}${++made}`;
    const stream: KnownStream = { name, group, last: NO_STREAM, attempts: [], drawn: 0 };
    open[group].push(stream);
    return stream;
  }

  return {
    pick(group, random) {
      open[group] = open[group].filter(({ drawn }) => drawn < MOST_DRAWN);
      const place = Math.floor(random() * MOST_OPEN);
      const stream = open[group][place] ?? make(group);
      stream.drawn++;
      return stream;
    },
    other(than, random) {
      const others = open[than.group].filter((stream) => stream !== than && stream.attempts.length > 0);
      return others[Math.floor(random() * others.length)];
    },
    places: (group) => places[group],
    appended({ stream: name, expected, events }, next) {
      const stream = [...open.used, ...open.deleted].find((each) => each.name === name);
      if (stream === undefined) return;
      // A repeat ends where its original did.
      if (stream.last !== NO_STREAM && next <= stream.last) return;
      stream.attempts.push({ expected, events });
      stream.last = next;
      places[stream.group] = [...places[stream.group], { stream: name, revision: next }].slice(-MOST_PLACES);
    },
    forget(name) {
      for (const group of ['used', 'deleted'] as const) {
        open[group] = open[group].filter((each) => each.name !== name);
        places[group] = [];
      }
    },
  };
}

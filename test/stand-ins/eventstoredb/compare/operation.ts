import type { NO_STREAM } from '@eventstore/db-client';

/** A stream that may be deleted is kept apart from those that are used as this service uses them. */
export type Group = 'used' | 'deleted';

/** By the first letter of the short name of a stream. */
export const groupOf = (stream: string): Group => (stream.startsWith('d') ? 'deleted' : 'used');

/** The revision of the last event, or that there is none. */
export type Expected = bigint | typeof NO_STREAM;

export interface Proposed {
  id: string;
  said: number;
}

/** An event of ours, wherever it lies in the log of a server. */
export interface Place {
  stream: string;
  revision: bigint;
}

export interface Append {
  kind: 'append';
  stream: string;
  expected: Expected;
  events: readonly Proposed[];
  /** What makes it interesting, such as `repeated whole`. */
  why: string;
}

export interface Read {
  kind: 'read';
  stream: string;
  backwards: boolean;
  from: bigint | 'start' | 'end';
  limit: number;
}

/** From one event of ours to another one, without what others wrote in between. */
export interface ReadAll {
  kind: 'read_all';
  group: Group;
  backwards: boolean;
  from: Place | 'end';
  to: Place;
}

export interface SetMetadata {
  kind: 'set_metadata';
  stream: string;
  metadata: { maxCount: number } | { truncateBefore: number };
}

export interface Delete {
  kind: 'delete' | 'tombstone';
  stream: string;
  expected: Expected | 'any';
}

/** Names of streams are short here: each server gets them with a mark before them. */
export type Operation = Append | Read | ReadAll | SetMetadata | Delete;

/** As it is shown in a report. */
export function textOf(operation: Operation): string {
  switch (operation.kind) {
    case 'append': {
      const { stream, expected, events, why } = operation;
      const ids = events.map(({ id }) => id.slice(0, 8)).join(' ');
      return `append to ${stream} at ${expected}, ${why}: ${ids}`;
    }
    case 'read': {
      const { stream, from, limit } = operation;
      return `read ${stream} ${direction(operation)} from ${from}, at most ${limit}`;
    }
    case 'read_all': {
      const { from, to } = operation;
      return `read $all ${direction(operation)} from ${from === 'end' ? from : placeText(from)} to ${placeText(to)}`;
    }
    case 'set_metadata':
      return `set metadata of ${operation.stream}: ${JSON.stringify(operation.metadata)}`;
    case 'delete':
    case 'tombstone':
      return `${operation.kind} ${operation.stream} at ${operation.expected}`;
  }
}

const direction = ({ backwards }: { backwards: boolean }): string => (backwards ? 'backwards' : 'forwards');

export const placeText = ({ stream, revision }: Place): string => `${stream}@${revision}`;

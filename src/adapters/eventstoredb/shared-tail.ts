import type { Position } from '../../ports/event-log.js';
import type { Connection } from './connect.js';
import { openTail, type Tail, type TailOptions } from './tail.js';

/** One tail for all followers, opened for the first one, and anew after a fault. */
export interface SharedTail {
  join(): JoinedTail;
  /** See Tail. */
  expect(head: Position): void;
}

export interface JoinedTail {
  tail: Tail;
  /** The last one to leave closes it. */
  leave: () => Promise<void>;
}

export function createSharedTail(connection: Connection, options: TailOptions): SharedTail {
  let current: { tail: Tail; followers: number } | undefined;

  return {
    join() {
      if (current === undefined || current.tail.failure() !== undefined)
        current = { tail: openTail(connection, options), followers: 0 };
      const joined = current;
      joined.followers++;
      return {
        tail: joined.tail,
        async leave() {
          joined.followers--;
          if (joined.followers > 0) return;
          if (current === joined) current = undefined;
          await joined.tail.close();
        },
      };
    },
    expect: (head) => current?.tail.expect(head),
  };
}

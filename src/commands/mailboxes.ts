/**
 * A mailbox for each key, as an actor has one: what arrives for a key waits while a batch of that key is in work, and
 * is then taken together. Batches of different keys do not wait for each other.
 */
export interface Mailboxes<T> {
  add(key: string, item: T): void;
}

/** The items of one key that are in work. Exactly one of `done` and `again` is to be called, once. */
export interface Batch<T> {
  key: string;
  items: readonly [T, ...T[]];
  /** The next batch of this key may begin. */
  done(): void;
  /** The next batch begins with these, joined by what has arrived since. */
  again(items: readonly T[]): void;
  /** Takes what has arrived since out of the mailbox. */
  takeWaiting(): T[];
}

export interface MailboxOptions<T> {
  /** Begins to work on batches of different keys that are ready together. It must not throw. */
  work: (batches: readonly Batch<T>[]) => void;
  /** Whether two items may be in one batch, and batches with them in one call. */
  areAlike: (one: T, other: T) => boolean;
  /** Whether an item goes before the others that wait. */
  isUrgent: (item: T) => boolean;
  /** Items of a batch. */
  most: number;
}

export function createMailboxes<T>({ work, areAlike, isUrgent, most }: MailboxOptions<T>): Mailboxes<T> {
  /** What waits, of each key that has something in work or waiting. */
  const waiting = new Map<string, T[]>();
  /** Keys that have something waiting and nothing in work. */
  let ready: string[] = [];

  function makeReady(key: string): void {
    if (ready.length === 0) queueMicrotask(takeReady);
    ready.push(key);
  }

  /** Those that have become ready in the same turn, such as the jobs of one tick, share a call. */
  function takeReady(): void {
    const keys = ready;
    ready = [];
    const calls: Batch<T>[][] = [];
    for (const key of keys) {
      const batch = takeBatch(key);
      const alike = calls.find(([first]) => first !== undefined && areAlike(first.items[0], batch.items[0]));
      if (alike === undefined) calls.push([batch]);
      else alike.push(batch);
    }
    for (const batches of calls) work(batches);
  }

  function takeBatch(key: string): Batch<T> {
    const mailbox = waiting.get(key) ?? [];
    const [first] = mailbox;
    if (first === undefined) throw new Error(`${key} was made ready, and nothing waits for it`);
    const differing = mailbox.findIndex((item) => !areAlike(first, item));
    const [, ...others] = mailbox.splice(0, Math.min(differing === -1 ? Infinity : differing, most));
    return {
      key,
      items: [first, ...others],
      done() {
        if (mailbox.length > 0) makeReady(key);
        else waiting.delete(key);
      },
      again(items) {
        const ahead = items.every(isUrgent) ? 0 : urgentIn(mailbox);
        mailbox.splice(ahead, 0, ...items);
        makeReady(key);
      },
      takeWaiting: () => mailbox.splice(0),
    };
  }

  /** How many urgent items are at the front. */
  function urgentIn(mailbox: readonly T[]): number {
    const first = mailbox.findIndex((item) => !isUrgent(item));
    return first === -1 ? mailbox.length : first;
  }

  return {
    add(key, item) {
      const mailbox = waiting.get(key);
      if (mailbox !== undefined) {
        mailbox.splice(isUrgent(item) ? urgentIn(mailbox) : mailbox.length, 0, item);
        return;
      }
      waiting.set(key, [item]);
      makeReady(key);
    },
  };
}

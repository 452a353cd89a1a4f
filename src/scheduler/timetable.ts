import FlatQueue from 'flatqueue';

/** When each job next needs a Tick: a heap of instants (epoch milliseconds), one current entry per job. */
export interface Timetable {
  /** Replaces the job's instant; Infinity removes it. */
  set(cronId: string, at: number): void;
  /** The earliest instant; Infinity when there is none. */
  earliest(): number;
  /** Removes and returns up to `limit` jobs whose instant is not after `now`, earliest first. */
  takeDue(now: number, limit: number): string[];
}

const SPARE_ENTRIES = 1_000;

export function createTimetable(): Timetable {
  const heap = new FlatQueue<string>();
  /** The heap cannot delete by key: an entry is stale unless it matches this map. */
  const current = new Map<string, number>();

  function dropStale(): void {
    while (heap.length > 0 && current.get(heap.peek() ?? '') !== heap.peekValue()) heap.pop();
  }

  /** Entries of a far instant would otherwise stay until then, one for each change of the job. */
  function dropAllStale(): void {
    heap.clear();
    for (const [cronId, at] of current) heap.push(cronId, at);
  }

  return {
    set(cronId, at) {
      if (current.get(cronId) === at) return;
      if (at === Infinity) {
        current.delete(cronId);
        return;
      }
      current.set(cronId, at);
      heap.push(cronId, at);
      if (heap.length > 2 * current.size + SPARE_ENTRIES) dropAllStale();
    },
    earliest() {
      dropStale();
      return heap.peekValue() ?? Infinity;
    },
    takeDue(now, limit) {
      const due: string[] = [];
      while (due.length < limit) {
        dropStale();
        if ((heap.peekValue() ?? Infinity) > now) break;
        const cronId = heap.pop();
        if (cronId === undefined) break;
        current.delete(cronId);
        due.push(cronId);
      }
      return due;
    },
  };
}

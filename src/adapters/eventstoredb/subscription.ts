import { START as FIRST, streamNameFilter } from '@eventstore/db-client';
import type { Position } from '../../ports/event-log.js';
import type { Connection } from './connect.js';
import { fromPosition, toPosition } from './position.js';
import type { Entry } from './recent-events.js';
import { toEntry } from './to-recorded.js';

/** What has arrived since the last `take`, in order. */
export interface Arrived {
  entries: Entry[];
  /** Everything up to here has come or does not match. */
  checkpoint: Position | undefined;
  /** The server has reported the end of the log, after these events. */
  caughtUp: boolean;
  /** Why nothing more will come. */
  failure: Error | undefined;
}

/** One subscription of the client, which ends with the first fault. */
export interface Subscription {
  /** Resolves when something has arrived. */
  arrival(): Promise<void>;
  take(): Arrived;
  /** Ends it from here: `take` reports `reason` as its failure. */
  end(reason: Error): void;
  close(): Promise<void>;
}

/** The server is silent for up to so long, before the end of the log, while it searches for matching events. */
export const SEARCH_MS = 30_000;

const MOST_WAITING = 1_000;
/** How many events the server scans without a match before it reports a checkpoint. */
const SEARCH_WINDOW = 1_000;

/** A notice between events; it holds once those before it, which the client may still buffer, have arrived. */
interface Mark {
  /** Number of events before it. */
  after: number;
  checkpoint?: Position;
}

/** Subscribes to the streams with the prefixes, exclusive of `from`. */
export function openSubscription(
  { client, server }: Connection,
  { from, prefixes }: { from: Position; prefixes: readonly string[] },
): Subscription {
  let entries: Entry[] = [];
  let received = 0;
  let marks: Mark[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const subscription = client.subscribeToAll(
    {
      fromPosition: fromPosition(from) ?? FIRST,
      requiresLeader: true,
      filter: streamNameFilter({
        prefixes: [...prefixes],
        maxSearchWindow: SEARCH_WINDOW,
        checkpointReached: (_, position) => {
          mark({ checkpoint: toPosition(position) });
        },
      }),
    },
    { highWaterMark: MOST_WAITING },
  );

  function changed(): void {
    wake?.();
    wake = undefined;
  }

  function mark(what: Omit<Mark, 'after'>): void {
    if (failure !== undefined) return;
    marks.push({ ...what, after: received + subscription.readableLength });
    changed();
  }

  function end(error: Error): void {
    failure ??= error;
    changed();
  }

  subscription.on('data', (event) => {
    // Nothing after a fault counts: it would move followers past an event that could not be placed.
    if (failure !== undefined) return;
    try {
      entries.push(toEntry(event, server));
    } catch (error) {
      // Thrown from here, it would end the process.
      end(error instanceof Error ? error : new Error(String(error)));
    }
    received++;
    if (entries.length >= MOST_WAITING) subscription.pause();
    changed();
  });
  subscription.on('caughtUp', () => {
    mark({});
  });
  // The client neither resubscribes nor always reports that it has lost the server: an end is a fault, too.
  subscription.on('error', end);
  subscription.on('end', () => {
    end(new Error('the subscription has ended'));
  });

  const ready = (): boolean =>
    entries.length > 0 || failure !== undefined || marks.some(({ after }) => after <= received);

  return {
    arrival: () => (ready() ? Promise.resolve() : new Promise((resolve) => (wake = resolve))),
    take() {
      const taken = entries;
      const passed = marks.filter(({ after }) => after <= received);
      entries = [];
      marks = marks.filter(({ after }) => after > received);
      subscription.resume();
      return {
        entries: taken,
        checkpoint: passed.findLast(({ checkpoint }) => checkpoint !== undefined)?.checkpoint,
        caughtUp: passed.some(({ checkpoint }) => checkpoint === undefined),
        failure,
      };
    },
    end,
    // Without it the call would stay open on the server; one that was never made has failed already.
    close: () => subscription.unsubscribe().catch(() => undefined),
  };
}

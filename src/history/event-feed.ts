import { createFollower } from '../following/follower.js';
import type { EventLog, Position, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import { abortWith } from '../waiting/abort-with.js';
import { inTime } from '../waiting/in-time.js';
import { isAborted } from '../waiting/is-aborted.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { createPauses } from '../waiting/pauses.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { createTurns } from '../waiting/turns.js';
import { createLiveEvents, type JobEventSource } from './live-events.js';
import { createTelling, type TellingDependencies, type ToldEvent } from './told-event.js';

/** What a reader follows. */
export interface FollowedEvents {
  /** What comes after it is given. */
  from: Position;
  /** Of the names of streams; a finer choice is made by `wants`. */
  prefix: string;
  wants: (event: Pick<ToldEvent, 'stream' | 'type'>) => boolean;
}

/** Who reads, at its own pace. */
export interface EventReader {
  /**
   * Takes the texts of some events; an empty one when it wants none of them.
   * @param position of the last of these events, which is one of a job: with the text it has everything up to there
   * @returns whether more may come at once
   */
  take: (text: string, position: Position) => boolean;
  /** Resolves when more may come, or when `signal` aborts. */
  ready: () => Promise<void>;
  signal: AbortSignal;
}

export interface EventFeed {
  /**
   * Gives a reader the texts of all events that it follows, in the order of the log, each once: those that are in the log
   * already, and then those that come, whichever instance writes them. While the log is down it waits and tries again.
   * Resolves when the signal of the reader aborts.
   * @throws StoreError where a retry cannot help
   */
  follow(followed: FollowedEvents, reader: EventReader): Promise<void>;
}

export interface EventFeedDependencies extends TellingDependencies {
  log: EventLog;
  logger: Logger;
  source: JobEventSource;
}

/** A reader at its place. */
interface Place extends FollowedEvents, EventReader {
  position: Position;
}

/** Sent together, so that each event is no write of its own. */
const PIECE = 16_384;
/** So many read the log at once, since each holds a batch of events; the others wait for their turn. */
const CATCH_UPS_AT_ONCE = 4;
/** After so long it is the turn of another one. */
const CATCH_UP_MS = 1_000;
/** A reader that takes no more for longer does not keep what was read for it meanwhile. */
const SOON_MS = 200;
const PAUSES = { firstMs: 200, longestMs: 10_000 };
const FAULT = 'an event stream cannot go on; retrying';

/**
 * Feeds any number of readers. Those near the end of the log share what the follower of the jobs has read, and the texts
 * made from it; those behind read the log by themselves, a few at a time.
 */
export function createEventFeed(dependencies: EventFeedDependencies): EventFeed {
  const { log, clock, logger, source, configAt, textOf } = dependencies;
  const live = createLiveEvents(source, createTelling({ configAt, textOf, clock }), clock);
  const turns = createTurns(CATCH_UPS_AT_ONCE);
  const nextSlice = inSlices(clock);

  /** @returns whether the reader took all of them, or else only those up to its position */
  async function give(
    place: Place,
    events: Iterable<ToldEvent> | AsyncIterable<ToldEvent>,
  ): Promise<boolean> {
    let piece = '';
    let last: Position | undefined;
    for await (const event of events) {
      if (isAborted(place.signal)) return false;
      last = event.position;
      if (place.wants(event)) piece += event.text;
      if (piece.length < PIECE) continue;
      if (!(await hand(place, piece, last))) return false;
      piece = '';
      last = undefined;
    }
    return last === undefined || hand(place, piece, last);
  }

  /** @returns whether the reader takes more soon */
  async function hand(place: Place, piece: string, position: Position): Promise<boolean> {
    // A quick client takes all of it in one turn of the event loop, and there may be a hundred of them.
    await nextSlice();
    if (isAborted(place.signal)) return false;
    const mayGoOn = place.take(piece, position);
    place.position = position;
    if (mayGoOn) return true;
    const isReady = place.ready().then(() => true);
    return (await inTime(clock, SOON_MS, isReady)) ?? false;
  }

  async function giveLive(place: Place): Promise<void> {
    const { events, position } = live.after(place.position);
    // Whoever finds nothing waits at once: what comes in between would wake nobody.
    if (events.length === 0) await live.next(place.signal);
    else if (await give(place, events)) place.position = position;
  }

  async function catchUp(place: Place): Promise<void> {
    const over = abortWith(place.signal);
    const endTurn = await turnUntil(over.signal);
    const since = clock.monotonic();
    const tell = createTelling({ configAt, textOf, clock });
    const follower = createFollower({
      log,
      clock,
      logger,
      prefixes: [place.prefix],
      pauses: PAUSES,
      faultText: FAULT,
      isFatal: (error) => !mayPass(error),
      resume: () => Promise.resolve({ from: place.position, take }),
    });
    try {
      await follower.run(over.signal);
    } finally {
      over.abort(NO_REASON);
      endTurn();
    }

    async function* told(events: readonly RecordedEvent[]): AsyncGenerator<ToldEvent> {
      for (const recorded of events) yield await tell(recorded, place.wants(recorded));
    }

    async function take({ events, position }: { events: RecordedEvent[]; position: Position }) {
      const isGiven = await give(place, told(events));
      if (isGiven) place.position = position;
      const isOver = live.isNear(place.position) || clock.monotonic() - since >= CATCH_UP_MS;
      if (!isGiven || isOver) over.abort(NO_REASON);
    }
  }

  /** Who has gone waits no longer. */
  async function turnUntil(signal: AbortSignal): Promise<() => void> {
    const turn = turns.take();
    const gone = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const end = signal.aborted ? undefined : await Promise.race([turn, gone]);
    return end ?? (() => void turn.then((endLater) => endLater()));
  }

  return {
    async follow({ from, prefix, wants }, { take, ready, signal }) {
      const place: Place = { from, prefix, wants, take, ready, signal, position: from };
      const pauses = createPauses(PAUSES);
      const leave = live.join();
      try {
        while (!isAborted(signal)) {
          await ready();
          try {
            await (live.isNear(place.position) ? giveLive(place) : catchUp(place));
            pauses.reset();
          } catch (error) {
            if (!mayPass(error)) throw error;
            const pauseMs = pauses.next();
            logger.warn({ err: error, again_in_ms: pauseMs }, FAULT);
            await clock.sleep(pauseMs, signal);
          }
        }
      } finally {
        leave();
      }
    },
  };
}

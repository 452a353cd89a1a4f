import { JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import { createNews } from '../waiting/news.js';

/** An event with the text that is sent for it. */
export interface ToldEvent extends Pick<RecordedEvent, 'stream' | 'type' | 'position'> {
  /** Made once, however many ask. @throws StoreError; then it is made anew for the next one */
  text: () => Promise<string>;
}

/** The events of jobs that have come lately, for those who follow them; nothing is kept while nobody does. */
export interface LiveEvents {
  /** Keeps what comes from now on. @returns ends it; what is kept is dropped when the last one has ended it */
  join(): () => void;
  /** Whether everything after a position is here, or will be. */
  isNear(position: Position): boolean;
  /** What came after a position that is near, and up to where that is everything. */
  after(position: Position): { events: readonly ToldEvent[]; position: Position };
  /** Resolves when more has come, or `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** The follower of the jobs: it reads each event once, whoever has written it. */
export interface JobEventSource {
  /** Everything up to here was handed to the listeners. */
  position: () => Position;
  tap(listener: (events: readonly RecordedEvent[]) => void): () => void;
}

/** Who lags by more reads the log. Up to twice as many are in memory, some 25 MB of usual ones. */
const KEPT = 4_096;
/** Those who wait are woken so often at most: to write a hundred times costs more than to write much. */
const GATHER_MS = 50;

/** @param tell makes the text of an event */
export function createLiveEvents(
  source: JobEventSource,
  tell: (recorded: RecordedEvent) => Promise<string>,
  clock: Clock,
): LiveEvents {
  const news = createNews();
  let events: ToldEvent[] = [];
  let begin: Position = source.position();
  let position: Position = begin;
  let followers = 0;
  let untap = (): void => undefined;
  let isWaking = false;

  function wakeSoon(): void {
    if (isWaking) return;
    isWaking = true;
    void clock.sleep(GATHER_MS).then(() => {
      isWaking = false;
      news.tell();
    });
  }

  function take(batch: readonly RecordedEvent[]): void {
    // After a fault the follower may hand over again what it has handed over before.
    const fresh = batch.filter((event) => event.position > position);
    position = fresh.at(-1)?.position ?? position;
    const ofJobs = fresh.filter(({ stream }) => stream.startsWith(JOB_STREAM_PREFIX));
    if (ofJobs.length === 0) return;
    events.push(...ofJobs.map((recorded) => toldEvent(recorded, tell)));
    if (events.length >= 2 * KEPT) {
      begin = events.at(-KEPT - 1)?.position ?? begin;
      events = events.slice(-KEPT);
    }
    wakeSoon();
  }

  return {
    join() {
      if (followers++ === 0) {
        begin = position = source.position();
        untap = source.tap(take);
      }
      return () => {
        if (--followers > 0) return;
        untap();
        events = [];
      };
    },
    isNear: (from) => from >= begin,
    after(from) {
      const index = events.findLastIndex((event) => event.position <= from);
      return { events: events.slice(index + 1), position: from > position ? from : position };
    },
    next: news.next,
  };
}

/** Of an event that was read. */
export function toldEvent(
  recorded: RecordedEvent,
  tell: (recorded: RecordedEvent) => Promise<string>,
): ToldEvent {
  const { stream, type, position } = recorded;
  let told: Promise<string> | undefined;
  return {
    stream,
    type,
    position,
    text() {
      told ??= tell(recorded).catch((error: unknown) => {
        told = undefined;
        throw error;
      });
      return told;
    },
  };
}

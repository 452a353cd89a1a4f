import { JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import { createNews } from '../waiting/news.js';
import type { TellEvent, ToldEvent } from './told-event.js';

/** The events of jobs that have come lately, for those who follow them; nothing is kept while nobody does. */
export interface LiveEvents {
  /** Keeps what comes from now on. @returns ends it; what is kept is dropped when the last one has ended it */
  join(): () => void;
  /** Whether everything after a position is here, or will be. */
  isNear(position: Position): boolean;
  /** What came after a position that is near, and up to where that is everything. */
  after(position: Position): { events: readonly ToldEvent[]; position: Position };
  /** Resolves when more has come, what is here was dropped, or `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** The follower of the jobs: it reads each event once, whoever has written it. */
export interface JobEventSource {
  /** Everything up to here was handed to the listeners. */
  position: () => Position;
  tap(listener: (events: readonly RecordedEvent[]) => void): () => void;
}

/** Who lags by more reads the log. Up to twice as many are in memory. */
const KEPT = 4_096;
/** Of their texts together: those of large events are fewer. Up to twice as many are in memory, of a byte or two each. */
const KEPT_CHARACTERS = 8_388_608;
/** So many may wait for their texts, some 10 kB each at most. */
const MOST_WAITING = 2_048;
/** Those who wait are woken so often at most: to write a hundred times costs more than to write much. */
const GATHER_MS = 50;

export function createLiveEvents(source: JobEventSource, tell: TellEvent, clock: Clock): LiveEvents {
  const news = createNews();
  let events: ToldEvent[] = [];
  let characters = 0;
  let begin: Position = source.position();
  /** Of the last event that was handed over, and of the last one with its text. */
  let taken: Position = begin;
  let position: Position = begin;
  let followers = 0;
  let untap = (): void => undefined;
  let isWaking = false;
  let waiting = 0;
  let telling = Promise.resolve();
  /** How often all was dropped: what waited then is told no more. */
  let age = 0;

  function wakeSoon(): void {
    if (isWaking) return;
    isWaking = true;
    void clock.sleep(GATHER_MS).then(() => {
      isWaking = false;
      news.tell();
    });
  }

  /** Drops everything. Whoever follows reads the log up to here. */
  function beginAt(newBegin: Position): void {
    begin = taken = position = newBegin;
    events = [];
    characters = waiting = 0;
    age++;
    wakeSoon();
  }

  function keep(told: ToldEvent): void {
    events.push(told);
    characters += told.text.length;
    ({ position } = told);
    waiting--;
    wakeSoon();
    if (events.length < 2 * KEPT && characters < 2 * KEPT_CHARACTERS) return;
    let dropped = 0;
    while (events.length - dropped > KEPT || characters > KEPT_CHARACTERS) {
      characters -= events[dropped]?.text.length ?? 0;
      dropped++;
    }
    begin = events[dropped - 1]?.position ?? begin;
    events = events.slice(dropped);
  }

  async function tellAll(batch: readonly RecordedEvent[], since: number): Promise<void> {
    for (const recorded of batch) {
      if (age !== since) return;
      // Whoever follows meets the same fault in the log, waits there and tries again, or ends with it.
      const told = await tell(recorded, true).catch(() => undefined);
      if (age !== since) return;
      if (told === undefined) beginAt(taken);
      else keep(told);
    }
  }

  function take(batch: readonly RecordedEvent[]): void {
    // After a fault the follower may hand over again what it has handed over before.
    const fresh = batch.filter((event) => event.position > taken);
    taken = fresh.at(-1)?.position ?? taken;
    const ofJobs = fresh.filter(({ stream }) => stream.startsWith(JOB_STREAM_PREFIX));
    waiting += ofJobs.length;
    const since = age;
    if (waiting > MOST_WAITING) beginAt(taken);
    else telling = telling.then(() => tellAll(ofJobs, since));
  }

  return {
    join() {
      if (followers++ === 0) {
        beginAt(source.position());
        untap = source.tap(take);
      }
      return () => {
        if (--followers > 0) return;
        untap();
        beginAt(taken);
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

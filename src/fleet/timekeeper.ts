import { fromTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { createAgreedClock, type AgreedClock } from './agreed-clock.js';
import { agree, agreedOffset } from './agreed-offset.js';
import { lastTimeOf, mayLive } from './last-signs.js';
import type { SignRecord } from './sign-record.js';
import { createVoices, type Reading } from './voices.js';

/**
 * Knows the time as far as the clock of this machine, the signs of life of other instances and the clock of the log's
 * server tell it.
 *
 *   unsure ─── the newest sign fits our clock, or nobody is there to ask ──▶ sure ◀──────────┐
 *     │                                                                     ▲ │ our clock steps, or another
 *     └─── asks: goes by what the others say, after `listenMs` by our own ──┘ └ one differs: asks, and changes
 *                                                                               only with a majority
 */
export interface Timekeeper {
  clock: AgreedClock;
  /** Resolves when it is sure for the first time. */
  agreed: Promise<void>;
  isSure: () => boolean;
  /** @param history the last signs in the stream, oldest first, as found at the start */
  begin: (history: readonly SignRecord[]) => void;
  /** A sign of ours is in the stream; its append began at `begun`, monotonic milliseconds. */
  wrote: (sign: SignRecord, begun: number) => void;
  /** A sign of another instance has arrived. */
  hear: (sign: SignRecord) => void;
  /** An operator says that the time in this sign is right. */
  obey: (sign: SignRecord) => void;
  forget: (instance: string) => void;
  /** Call it after `msUntilLook`, and from time to time: it logs what has changed. */
  look: () => void;
  msUntilLook: () => number;
}

export interface TimekeeperOptions {
  clock: Clock;
  logger: Logger;
  /** Whether the log's server has a clock of its own: it counts as one more. */
  logHasOwnClock: boolean;
  /** How long a start listens for others, milliseconds. */
  listenMs: number;
  /** A clock that was not heard for longer says nothing, milliseconds. */
  freshMs: number;
  /** Called when the clocks of the others are wanted. */
  onDoubt: () => void;
}

/** Whoever is asked has answered by then: a decision does not depend on whose answer comes first. */
const DELIBERATION_MS = 3_000;
/** Time enough to set clocks right that an operator has found wrong. */
const WORD_COUNTS_FOR_MS = 86_400_000;
/** No instance has this name. */
const LOG = '(event log)';

export function createTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { logger, logHasOwnClock, listenMs, freshMs, onDoubt } = options;
  const clock = createAgreedClock(options.clock, onDoubt);
  const voices = createVoices();
  let becomeSure = (): void => undefined;
  const agreed = new Promise<void>((resolve) => (becomeSure = resolve));
  let isSure = false;
  let hasBegun = false;
  /** Monotonic milliseconds. */
  let listensUntil = Infinity;
  let judgesAt = Infinity;
  /** Until then no vote counts against the word of an operator; monotonic milliseconds. */
  let wordUntil = -Infinity;
  /** Monotonic milliseconds. */
  let offSince = Infinity;
  let toldOff = false;
  let toldUndecided = false;

  function goBy(offset: number): void {
    clock.goBy(offset);
    isSure = true;
    becomeSure();
  }

  function endVote(): void {
    judgesAt = Infinity;
    voices.endVote();
  }

  function judge(): void {
    const now = clock.monotonic();
    const known = voices.heard(now - freshMs);
    const walls = known.map(({ wall }) => wall);
    if (!isSure) {
      judgeUnsure(
        walls,
        known.flatMap(({ agreed }) => agreed ?? []),
      );
      return;
    }
    const isDeliberating = judgesAt !== Infinity;
    if (now < (isDeliberating ? judgesAt : wordUntil)) return;
    endVote();
    const current = clock.offset();
    const best = agreedOffset(current, clock.ownOffset(), walls);
    if (best === current) return;
    if (isDeliberating) {
      logger.warn(
        { changed_by_ms: Math.round(best - current) },
        'the clocks agree on another time: going by it',
      );
      goBy(best);
    } else {
      // Some of the clocks heard may be those of the dead: whoever counts must answer now.
      voices.beginVote();
      judgesAt = now + DELIBERATION_MS;
      onDoubt();
    }
  }

  /** @param known the times that others go by */
  function judgeUnsure(walls: readonly number[], [known]: readonly number[]): void {
    const own = clock.ownOffset();
    if (known !== undefined) goBy(agree(own, known) ? own : known);
    else if (walls.some((wall) => agree(wall, own))) goBy(own);
    else if (clock.monotonic() < listensUntil) return;
    else if (walls.length === 0) {
      logger.warn({}, 'no other instance answered: going by the wall clock of this machine');
      goBy(own);
    } else if (!toldUndecided) {
      toldUndecided = true;
      const differences_ms = walls.map((wall) => Math.round(own - wall));
      logger.error(
        { differences_ms },
        'no two clocks agree: waiting until they do, or for the word of an operator',
      );
    }
  }

  function look(): void {
    judge();
    const isOff = isSure && clock.isOff();
    offSince = isOff ? Math.min(offSince, clock.monotonic()) : Infinity;
    // A step that the others confirm is none that somebody must look after.
    if (isOff === toldOff || (isOff && clock.monotonic() < offSince + DELIBERATION_MS)) return;
    toldOff = isOff;
    const clock_off_ms = Math.round(clock.ownOffset() - clock.offset());
    if (isOff)
      logger.error(
        { clock_off_ms },
        'wall clock left the agreed time: going on without it; check the time source',
      );
    else logger.info({}, 'wall clock shows the agreed time again');
  }

  function take(reading: Reading): void {
    const now = clock.monotonic();
    const isKnown = voices.hear(reading, now);
    // News that come late look like a clock that is behind: asked directly, it tells.
    if (!isKnown && !agree(reading.wallAt - now, clock.offset())) onDoubt();
    look();
  }

  return {
    clock,
    agreed,
    isSure: () => isSure,
    begin(history) {
      if (hasBegun) return;
      hasBegun = true;
      const word = history.findLast(({ type }) => type === 'ClockTrusted');
      if (word !== undefined) wordUntil = clock.monotonic() + WORD_COUNTS_FOR_MS;
      const last = lastTimeOf(history);
      const behind_by_ms = last === undefined ? null : last - clock.now();
      const mayHaveOthers = mayLive(history).size > 0;
      if (mayHaveOthers) onDoubt();
      if (behind_by_ms !== null && agree(behind_by_ms, 0)) goBy(clock.ownOffset());
      else if (mayHaveOthers) {
        listensUntil = clock.monotonic() + listenMs;
        logger.info({ listen_ms: listenMs, behind_by_ms }, 'asking the other instances for the time');
      } else {
        if (behind_by_ms !== null && behind_by_ms > 0)
          logger.warn({ behind_by_ms }, 'wall clock is behind the last sign of life in the log');
        goBy(clock.ownOffset());
      }
    },
    wrote({ version, recorded_at }, begun) {
      voices.wrote(version, begun);
      if (logHasOwnClock)
        take({ instance: LOG, wallAt: fromTimestamp(recorded_at), agreedAt: undefined, seen: version });
    },
    hear(sign) {
      take(toReading(sign));
    },
    obey(sign) {
      const said = voices.measure(toReading(sign), clock.monotonic())?.wall;
      const { reason } = sign;
      if (said === undefined) {
        logger.warn({ reason }, 'the word of an operator about the time came too late to be used');
        return;
      }
      logger.warn(
        { reason, changed_by_ms: Math.round(said - clock.offset()) },
        'going by the time that an operator confirmed',
      );
      wordUntil = clock.monotonic() + WORD_COUNTS_FOR_MS;
      endVote();
      goBy(agree(clock.ownOffset(), said) ? clock.ownOffset() : said);
      look();
    },
    forget: voices.forget,
    look,
    msUntilLook() {
      const left = (isSure ? judgesAt : listensUntil) - clock.monotonic();
      return left <= 0 ? Infinity : left;
    },
  };
}

function toReading({ instance, wall_at, agreed_at, seen }: SignRecord): Reading {
  const agreedAt = agreed_at === null ? undefined : fromTimestamp(agreed_at);
  return { instance, wallAt: fromTimestamp(wall_at), agreedAt, seen };
}

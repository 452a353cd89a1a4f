import { FLEET_STREAM } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import { createAlarm } from '../waiting/alarm.js';
import { inTime } from '../waiting/in-time.js';
import { createPauses } from '../waiting/pauses.js';
import type { AgreedClock } from './agreed-clock.js';
import { createFleetFollower } from './fleet-follower.js';
import { createSettingsWatch, type Settings } from './settings-watch.js';
import { KEPT_SIGNS, type SignRecord } from './sign-record.js';
import { createSignWriter } from './sign-writer.js';
import { createTimekeeper } from './timekeeper.js';

/**
 * The instances on one log, as they know each other: each writes signs of life into one stream, with the time that its
 * clock shows and its settings. By these they agree on the time (`timekeeper.ts`), and notice different settings.
 */
export interface Fleet {
  /** The agreed time: everything is decided by it. */
  clock: AgreedClock;
  /** Gives signs of life, and hears those of others, until `signal` aborts; then signs off. */
  run: (signal: AbortSignal) => Promise<void>;
  /** Resolves when this instance knows the time: before that it must decide nothing. */
  agreed: Promise<void>;
  state: () => FleetState;
}

export interface FleetState {
  /** Instances heard lately, this one included. */
  instances: number;
  /** How many of them have other settings than this one. */
  otherSettings: number;
  /** This machine's wall clock minus the agreed time, milliseconds. */
  clockOffMs: number;
}

export interface FleetOptions {
  log: EventLog;
  /** The machine's. */
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The name of this process: one that no other has, has had or will have. */
  instance: string;
  settings: Settings;
  /** Pause between two signs of life, milliseconds. */
  signEveryMs: number;
  /** How long a start waits for instances whose clocks may contradict its own, milliseconds. */
  listenMs: number;
  /** A step of the wall clock is noticed within this time, also where nothing asks for the time; milliseconds. */
  lookEveryMs: number;
}

/** Then an instance is dead, or cannot reach the log. */
const SILENT_AFTER_SIGNS = 3;
/** However many ask, one answer tells them all; after attempts that failed the pause grows. */
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
/** A hung log must not block a stop: the others then find this instance silent. */
const ENDS_WITHIN_MS = 2_000;

export function createFleet(options: FleetOptions): Fleet {
  const { log, ids, logger, instance, settings, signEveryMs, listenMs, lookEveryMs } = options;
  const alarm = createAlarm(options.clock);
  const settingsWatch = createSettingsWatch(settings, logger);
  const freshMs = SILENT_AFTER_SIGNS * signEveryMs;
  const time = createTimekeeper({
    clock: options.clock,
    logger,
    logHasOwnClock: log.hasOwnClock,
    listenMs,
    freshMs,
    onDoubt: ask,
  });
  const { clock } = time;
  /** When each of the others was last heard, monotonic milliseconds. */
  const heardAt = new Map<string, number>();
  const signs = createSignWriter({ log, clock: options.clock, ids, instance, settings, time });
  /** The newest version heard: what was written after it is on its way. */
  let heard = 0;
  /** Monotonic milliseconds. */
  let signAt = 0;
  let nextRegularAt = 0;
  let asks = false;
  let isFailing = false;
  const pauses = createPauses({ firstMs: SHORTEST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS });
  let [hasBegun, isKeptShort] = [false, false];

  function ask(): void {
    asks = true;
    signSoon();
  }

  function signSoon(): void {
    signAt = Math.min(signAt, options.clock.monotonic());
    alarm.ring();
  }

  function forget(other: string): void {
    heardAt.delete(other);
    settingsWatch.forget(other);
    time.forget(other);
  }

  /** @param id its event's; undefined where it was missed while following was interrupted */
  function take(sign: SignRecord, id?: string): void {
    if (sign.version <= heard) return;
    heard = sign.version;
    signs.goesTo(heard);
    if (sign.instance === instance) {
      const begun = id === undefined ? undefined : signs.begunAt(id);
      if (begun !== undefined) time.wrote(sign, begun);
      return;
    }
    if (sign.asks) signSoon();
    if (sign.type === 'ClockTrusted') time.obey(sign);
    if (sign.type === 'InstanceLeft') forget(sign.instance);
    if (sign.type !== 'InstanceSeen') return;
    heardAt.set(sign.instance, clock.monotonic());
    settingsWatch.see(sign.instance, sign.settings);
    time.hear(sign);
  }

  async function begin(history: readonly SignRecord[]): Promise<void> {
    const newest = history.at(-1)?.version ?? 0;
    signs.goesTo(newest);
    if (hasBegun) for (const sign of history) take(sign);
    else {
      time.begin(history);
      hasBegun = true;
      heard = newest;
      alarm.ring();
    }
    if (isKeptShort) return;
    await log.setMaxCount(FLEET_STREAM, KEPT_SIGNS);
    isKeptShort = true;
  }

  /** @returns how long to pause after it, milliseconds */
  async function giveSign(): Promise<number> {
    const now = clock.monotonic();
    // Asked again and again while in doubt; but not with each answer, or two of them would never end.
    if (now >= nextRegularAt) {
      nextRegularAt = now + signEveryMs;
      asks ||= clock.isOff() || !time.isSure();
    }
    signAt = nextRegularAt;
    // A doubt that comes while it is written asks with the next one.
    const isAsking = asks;
    asks = false;
    if (await write(isAsking)) {
      pauses.reset();
      return SHORTEST_PAUSE_MS;
    }
    asks ||= isAsking;
    signSoon();
    return pauses.next();
  }

  async function write(isAsking: boolean): Promise<boolean> {
    try {
      const isWritten = await signs.write('InstanceSeen', { seen: heard, asks: isAsking });
      isFailing = false;
      return isWritten;
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, 'giving a sign of life failed; retrying');
      isFailing = true;
      return false;
    }
  }

  async function keepSigning(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (hasBegun) time.look();
      const wait = hasBegun ? signAt - clock.monotonic() : Infinity;
      if (wait > 0) await alarm.sleep(Math.min(wait, time.msUntilLook(), lookEveryMs));
      else await clock.sleep(await giveSign(), signal);
    }
  }

  async function signOff(): Promise<void> {
    if (!hasBegun) return;
    try {
      await signs.write('InstanceLeft', { seen: heard, asks: false });
    } catch (error) {
      logger.info({ err: error }, 'signing off failed; the others will find this instance silent');
    }
  }

  return {
    clock,
    agreed: time.agreed,
    state() {
      for (const [other, at] of heardAt) if (at < clock.monotonic() - freshMs) forget(other);
      return {
        instances: heardAt.size + 1,
        otherSettings: settingsWatch.differing(),
        clockOffMs: Math.round(clock.ownOffset() - clock.offset()),
      };
    },
    async run(signal) {
      const over = new AbortController();
      const follower = createFleetFollower({ log, clock, logger, begin, onSign: take });
      const following = follower.run(over.signal);
      const signing = keepSigning(signal).then(signOff);
      const stopping = new Promise((end) => {
        signal.addEventListener('abort', end, { once: true });
      });
      await Promise.race([stopping, signing]);
      alarm.ring();
      await inTime(clock, ENDS_WITHIN_MS, signing);
      over.abort();
      await inTime(clock, ENDS_WITHIN_MS, following);
    },
  };
}

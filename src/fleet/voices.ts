import { agree } from './agreed-offset.js';

/** What another clock showed, and the newest version of the fleet's stream that its instance had read by then. */
export interface Reading {
  instance: string;
  /** Epoch milliseconds. */
  wallAt: number;
  /** The time that the instance goes by; undefined while it does not know. */
  agreedAt: number | undefined;
  seen: number;
}

/** Another clock against this process's monotonic one, milliseconds. */
export interface Voice {
  wall: number;
  agreed: number | undefined;
  /** Known to within this, milliseconds. */
  width: number;
}

/**
 * The clocks of the other instances, by their signs of life. As in Cristian's algorithm (Probabilistic clock
 * synchronization, 1989), a reading was taken between two instants of our own: after a sign of ours that its instance
 * had read, and before it arrived here. Where these lie too far apart, as after a pause of this process, it says nothing.
 */
export interface Voices {
  /** A sign of ours has this version; its append began at `begun`, monotonic milliseconds. */
  wrote(version: number, begun: number): void;
  /** @returns undefined when it cannot be known well enough */
  measure(reading: Reading, heardAt: number): Voice | undefined;
  /** Keeps the instance's clock. @returns whether it is known well enough */
  hear(reading: Reading, heardAt: number): boolean;
  forget: (instance: string) => void;
  /**
   * Begins a vote: from now on only those count that were known by now and are heard again. So a machine whose instance
   * dies and is started again meanwhile, under another name, has one vote.
   */
  beginVote: () => void;
  endVote: () => void;
  /** Those that count, heard since `since`, monotonic milliseconds. */
  heard(since: number): Voice[];
}

/** Whoever answers at once is known to within this; by other signs of life a clock is rarely known. */
const NARROW_MS = 2_000;
/** Answers through a slow log: still far less than what clocks may differ by. */
const WIDEST_MS = 20_000;
const KEPT_SIGNS = 50;

export function createVoices(): Voices {
  /** Oldest first. */
  let signs: { version: number; begun: number }[] = [];
  const voices = new Map<string, Voice & { heardAt: number }>();
  /** During a vote. */
  let voters: ReadonlySet<string> | undefined;

  function measure({ wallAt, agreedAt, seen }: Reading, heardAt: number): Voice | undefined {
    const after = signs.findLast(({ version }) => version <= seen)?.begun ?? -Infinity;
    const width = heardAt - after;
    if (width > WIDEST_MS) return undefined;
    const takenAt = (after + heardAt) / 2;
    return { wall: wallAt - takenAt, agreed: agreedAt === undefined ? undefined : agreedAt - takenAt, width };
  }

  return {
    wrote(version, begun) {
      signs = [...signs, { version, begun }].slice(-KEPT_SIGNS);
    },
    measure,
    hear(reading, heardAt) {
      const voice = measure(reading, heardAt);
      const known = voices.get(reading.instance);
      if (voice !== undefined) {
        const isBetter = known === undefined || voice.width <= Math.max(NARROW_MS, known.width);
        voices.set(reading.instance, {
          ...(isBetter || !agree(known.wall, voice.wall) ? voice : { ...known, agreed: voice.agreed }),
          heardAt,
        });
      } else if (!agree(known?.wall ?? 0, reading.wallAt - heardAt)) {
        // It may have been set meanwhile.
        voices.delete(reading.instance);
      }
      return voice !== undefined;
    },
    forget(instance) {
      voices.delete(instance);
    },
    beginVote() {
      voters = new Set(voices.keys());
      voices.clear();
    },
    endVote() {
      voters = undefined;
    },
    heard: (since) =>
      [...voices]
        .filter(([instance, { heardAt }]) => heardAt >= since && (voters?.has(instance) ?? true))
        .map(([, voice]) => voice),
  };
}

import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';

export interface UntilOverOptions {
  clock: Clock;
  ids: Pick<Ids, 'random'>;
  signal: AbortSignal;
  /** Whether its sender may still read. */
  mayGoOn: () => Promise<boolean>;
}

/** Keys are read again each second, too: what is withdrawn shows nothing more after two. */
const LOOK_EVERY_MS = 1_000;
const LONGEST_LIFE_MS = 900_000;
/** Of the longest life: streams that began together do not come back together. */
const SPREAD = 0.2;

/**
 * Resolves when a stream has to end: its sender may read no more, or it is 12 to 15 minutes old, so that its client connects
 * again, perhaps to another instance; or when `signal` aborts.
 */
export async function untilOver({ clock, ids, signal, mayGoOn }: UntilOverOptions): Promise<void> {
  const end = clock.monotonic() + LONGEST_LIFE_MS * (1 - SPREAD * ids.random());
  for (;;) {
    await clock.sleep(Math.min(LOOK_EVERY_MS, end - clock.monotonic()), signal);
    if (signal.aborted || clock.monotonic() >= end || !(await mayGoOn())) return;
  }
}

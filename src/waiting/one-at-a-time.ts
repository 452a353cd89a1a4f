/**
 * Work that runs until its signal aborts, and perhaps a little longer.
 * @param assertHeld throws once the duty is no longer this instance's, which may be before the signal can abort
 */
export type Duty = (signal: AbortSignal, assertHeld: () => void) => Promise<void>;

/** Serializes runs: one that begins while an earlier one is still ending waits for it, so the two never overlap. */
export function oneAtATime(duty: Duty): Duty {
  let earlier: Promise<void> = Promise.resolve();
  return (signal, assertHeld) => {
    earlier = earlier.then(async () => {
      if (!signal.aborted) await duty(signal, assertHeld);
    });
    return earlier;
  };
}

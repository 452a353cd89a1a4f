/**
 * Something that runs until its signal aborts, and perhaps a little longer.
 * @param assertHeld throws when it is no more this instance's to do, which may be before the signal can abort
 */
export type Duty = (signal: AbortSignal, assertHeld: () => void) => Promise<void>;

/** A run that begins while an earlier one still ends waits for that, so that the two are never under way together. */
export function oneAtATime(duty: Duty): Duty {
  let earlier: Promise<void> = Promise.resolve();
  return (signal, assertHeld) => {
    earlier = earlier.then(async () => {
      if (!signal.aborted) await duty(signal, assertHeld);
    });
    return earlier;
  };
}

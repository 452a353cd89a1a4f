/** Something that runs until its signal aborts, and perhaps a little longer. */
export type Duty = (signal: AbortSignal) => Promise<void>;

/** A run that begins while an earlier one still ends waits for that, so that the two are never under way together. */
export function oneAtATime(duty: Duty): Duty {
  let earlier: Promise<void> = Promise.resolve();
  return (signal) => {
    earlier = earlier.then(async () => {
      if (!signal.aborted) await duty(signal);
    });
    return earlier;
  };
}

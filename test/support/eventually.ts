const WITHIN_MS = 15_000;

/** Asks each turn of the event loop until the answer is neither undefined nor false; gives up after 15 s by default. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  withinMs = WITHIN_MS,
): Promise<Exclude<T, undefined | false>> {
  const giveUpAt = performance.now() + withinMs;
  while (performance.now() < giveUpAt) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

/** Something that a test holds back until it opens the gate. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
  /** Whoever waits at it fails. */
  fail(error: Error): void;
}

export function createGate(): Gate {
  let open = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const passed = new Promise<void>((resolve, reject) => ([open, fail] = [resolve, reject]));
  return {
    passed,
    open: () => {
      open();
    },
    fail: (error) => {
      fail(error);
    },
  };
}

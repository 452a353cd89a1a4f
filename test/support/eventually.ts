const WITHIN_MS = 15_000;
/** What comes within some turns of the event loop is seen at once; to wait longer must not take a core from others. */
const TURNS = 20;
const PAUSE_MS = 5;

/** Asks again and again until the answer is neither undefined nor false; gives up after 15 s by default. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  withinMs = WITHIN_MS,
): Promise<Exclude<T, undefined | false>> {
  const giveUpAt = performance.now() + withinMs;
  for (let tries = 0; performance.now() < giveUpAt; tries += 1) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    await new Promise<void>((resolve) => {
      if (tries < TURNS) setImmediate(resolve);
      else setTimeout(resolve, PAUSE_MS);
    });
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

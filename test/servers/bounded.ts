import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects when the work is not done in time; the work itself goes on. */
export async function bounded<T>(what: string, withinMs: number, work: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const tooLate = sleep(withinMs, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`${what}: not within ${withinMs / 1000} s`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    waiting.abort();
    tooLate.catch(() => undefined);
  }
}

/** Asks again every 100 ms until the question is answered without an error; rejects with the last one. */
export async function untilAnswered(
  what: string,
  withinMs: number,
  ask: () => Promise<unknown>,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      await bounded(what, 5_000, ask());
      return;
    } catch (error) {
      if (performance.now() > giveUpAt)
        throw new Error(`${what} does not answer: ${reasonOf(error)}`, { cause: error });
    }
    await sleep(100);
  }
}

/** The first line of what an error says. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

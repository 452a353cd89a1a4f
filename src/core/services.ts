import type { Clock } from '../ports/clock.js';
import { inTime } from '../waiting/in-time.js';

/** Runs as long as the service does: until its signal aborts and its work in hand has ended. */
export interface Service {
  run: (signal: AbortSignal) => Promise<void>;
  /** Resolves when its dependents may start; omitted when they may start at once. */
  ready?: Promise<void>;
  /** How long a stop waits for its end, milliseconds; omitted when it waits without limit. */
  endsWithinMs?: number;
}

export interface Services {
  /**
   * Starts them in order, each when the one before it is ready. A stop that comes meanwhile leaves out the others.
   * @throws what a run rejects with before it is ready. A later rejection stays unhandled: it ends the process
   */
  start: () => Promise<void>;
  /** Ends the started ones in the reverse order, each when the one that builds on it has ended or has had its time. */
  stop: () => Promise<void>;
}

/** @param order what builds on something comes after it */
export function createServices(order: readonly Service[], clock: Clock): Services {
  const started: { ended: Promise<void>; end: () => void; endsWithinMs: number }[] = [];
  let stopping: Promise<void> | undefined;

  function start({ run, ready = Promise.resolve(), endsWithinMs = Infinity }: Service): Promise<void> {
    const over = new AbortController();
    return new Promise((resolve, reject) => {
      let isReady = false;
      const ended = run(over.signal).then(resolve, (error: unknown) => {
        if (isReady) throw error;
        reject(error instanceof Error ? error : new Error(String(error)));
      });
      const end = (): void => {
        over.abort();
      };
      started.push({ ended, end, endsWithinMs });
      void ready.then(() => {
        isReady = true;
        resolve();
      });
    });
  }

  return {
    async start() {
      for (const service of order) if (!isStopping()) await start(service);
    },
    stop: () => (stopping ??= endAll()),
  };

  async function endAll(): Promise<void> {
    for (const { ended, end, endsWithinMs } of [...started].reverse()) {
      end();
      await (endsWithinMs === Infinity ? ended : inTime(clock, endsWithinMs, ended));
    }
  }

  /** Its own function: a stop may come while a start is awaited. */
  function isStopping(): boolean {
    return stopping !== undefined;
  }
}

/** Sends one event or checkpoint; resolves when the connection has taken it. */
export type Sending = () => Promise<unknown>;

/** What waits to be sent to a live subscriber, at its pace. */
export interface LiveBuffer {
  /** Beyond the limit the buffer is lost, with all that waits in it. */
  add(sending: Sending): void;
  /** Waits for the next one; undefined when the buffer is lost or closed. */
  next(): Promise<Sending | undefined>;
  close(): void;
}

/**
 * Up to version 23.10 the server keeps two channels of 32 in a row for each live subscription, and what HTTP/2 has taken
 * for a reader that does not read, some hundred events. The stand-in counts both as one: of a burst within one turn of
 * this process HTTP/2 takes nothing. From 24.2 on a reader that lags behind reads from the log again.
 */
export const DEFAULT_LIVE_BUFFER = 256;

export function createLiveBuffer(limit: number): LiveBuffer {
  const waiting: Sending[] = [];
  let ended = false;
  let wake = (): void => undefined;

  function close(): void {
    ended = true;
    wake();
  }

  return {
    add(sending) {
      if (ended) return;
      if (waiting.length === limit) {
        close();
        return;
      }
      waiting.push(sending);
      wake();
    },
    async next() {
      while (!ended && waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return ended ? undefined : waiting.shift();
    },
    close,
  };
}

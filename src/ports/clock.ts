/** Time and waiting. All waiting goes through here, so that a test can move the time instead. */
export interface Clock {
  /** Wall clock, epoch milliseconds, UTC. It may step in both directions. */
  now(): number;
  /** Milliseconds from an arbitrary start; never decreases. It may stand still while the machine is suspended. */
  monotonic(): number;
  /** Milliseconds since the machine was booted, those while it was suspended included; no step of the wall clock counts. */
  sinceBoot(): number;
  /** Resolves after `ms` of monotonic time (any number; longer than 2^31 ms too), or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets other work of the process run: resolves in a later turn of the event loop. */
  yield(): Promise<void>;
}

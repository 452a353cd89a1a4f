/** Randomness, so that a test can seed it. */
export interface Ids {
  /** A fresh UUID. */
  uuid(): string;
  /** Uniform in [0, 1), for jitter. */
  random(): number;
}

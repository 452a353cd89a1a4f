import type { ProxiedListener } from './obtained.js';

/** One way to a server. */
export interface Way {
  via: string;
  /** Fetches or builds what is needed, once. Rejects with the reason when that is unavailable. */
  prepare: () => Promise<Start>;
}

/** Resolves when the server has answered. */
export type Start = () => Promise<Running>;

export interface Running {
  url: string;
  proxied?: readonly ProxiedListener[];
  stop: () => Promise<void>;
}

import type { Phase } from '../http/health.js';

/** How far the service has come: it starts, is ready, and stops; a stop may come while it starts. */
export interface ServicePhase {
  current: () => Phase;
  /** Resolves when the service is ready; never when it is stopped before. */
  started: Promise<void>;
  /** Unless it is stopping by now. @returns whether it is ready */
  becomeReady(): boolean;
  beginStopping(): void;
}

export function createServicePhase(): ServicePhase {
  let phase: Phase = 'starting';
  let tellStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (tellStarted = resolve));
  return {
    current: () => phase,
    started,
    becomeReady() {
      if (phase !== 'starting') return false;
      phase = 'ready';
      tellStarted();
      return true;
    },
    beginStopping() {
      phase = 'stopping';
    },
  };
}

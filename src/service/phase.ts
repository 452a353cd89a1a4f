import type { Phase } from '../http/health.js';

/** Phase of the service: it starts, is ready, and stops; a stop may come during the start. */
export interface ServicePhase {
  current: () => Phase;
  /** Resolves when the service is ready; never when it is stopped before. */
  started: Promise<void>;
  /** No effect once it is stopping. @returns whether it is ready */
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

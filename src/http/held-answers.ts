import type { ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.js';

const heldUntil = new WeakMap<ServerResponse, number>();

/**
 * Says that an answer waits for something that its client has asked to wait for, so that the time to take it has not begun.
 * @returns ends that
 */
export function holdAnswer(response: ServerResponse, clock: Pick<Clock, 'monotonic'>): () => void {
  heldUntil.set(response, Infinity);
  return () => {
    heldUntil.set(response, clock.monotonic());
  };
}

/** Whether the answer has waited so at some time after `since`, monotonic milliseconds. */
export function wasHeld(response: ServerResponse, since: number): boolean {
  return (heldUntil.get(response) ?? -Infinity) > since;
}

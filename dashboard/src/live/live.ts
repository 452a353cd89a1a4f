import { signal } from '@preact/signals';
import { ApiProblem } from '../api/problem.js';
import { noteProblem } from '../api/session.js';
import { followEvents } from './follow-events.js';
import type { JobEvent } from './job-event.js';

/** `waiting` until it is tried again; `off` while the tab is hidden. */
export type LiveState = 'connecting' | 'live' | 'waiting' | 'off';

export const liveState = signal<LiveState>('off');

/** Told of each event as it comes, and of `undefined` whenever one may have been missed: what is shown may be old. */
type Listener = (event: JobEvent | undefined) => void;
const listeners = new Set<Listener>();

/** @returns what ends it */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** The service may ask for more. */
const LONGEST_ASKED_MS = 60_000;
/** A stream that has lasted for so long is one that works. */
const LASTING_MS = 10_000;

/**
 * Follows the events for as long as the tab is seen. A browser has six connections to a service for all of its tabs, so a
 * hidden one must not keep one of them. What a tab has missed it reads anew, all that it shows, once the stream has begun
 * again: a weekend of events takes as long as one.
 * @returns what ends it
 */
export function goLive(): () => void {
  let following: AbortController | undefined;
  const look = (): void => {
    const isSeen = document.visibilityState === 'visible';
    if (isSeen && following === undefined) {
      following = new AbortController();
      void followForEver(following.signal);
    } else if (!isSeen) {
      following?.abort();
      following = undefined;
      liveState.value = 'off';
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    following?.abort();
    liveState.value = 'off';
  };
}

async function followForEver(signal: AbortSignal): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  let pauseMs = FIRST_PAUSE_MS;
  while (!isOver()) {
    liveState.value = 'connecting';
    const triedAt = performance.now();
    let askedMs = 0;
    try {
      await followEvents(signal, {
        onBegin: () => {
          liveState.value = 'live';
          tell(undefined);
        },
        onEvent: tell,
      });
    } catch (error) {
      if (error instanceof ApiProblem) {
        noteProblem(error);
        askedMs = Math.min(error.retryAfterMs, LONGEST_ASKED_MS);
      }
      // The network, a service that stops, or one that has no stream left: each is tried again, and the page says so.
    }
    if (isOver()) return;
    liveState.value = 'waiting';
    if (performance.now() - triedAt > LASTING_MS) pauseMs = FIRST_PAUSE_MS;
    // Without a stream the page looks now and then.
    else tell(undefined);
    await pause(Math.max(pauseMs * (0.5 + Math.random()), askedMs * (1 + Math.random() / 2)), signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** After a write of this page: what it shows is loaded again, also where no stream of events tells of it. */
export function lookAgain(): void {
  tell(undefined);
}

function tell(event: JobEvent | undefined): void {
  for (const listener of listeners) listener(event);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

import { mayBeMended, problemOf, type ApiProblem } from './problem.js';

export interface LoaderState<T> {
  /** The newest answer; while another one is loaded, that of before. */
  value: T | undefined;
  /** Why the newest load failed. */
  problem: ApiProblem | undefined;
  isLoading: boolean;
  /** `value` answers the question before this one, which has no answer yet. */
  isOfBefore: boolean;
}

export interface Loader {
  /** Loads again; at once, unless it has just been loaded or is being loaded. */
  loadSoon: () => void;
  /** Loads now, whatever the service has asked for, since the viewer does; unless it is being loaded. */
  loadNow: () => void;
  stop: () => void;
}

interface LoaderOptions<T> {
  load: (signal: AbortSignal) => Promise<T>;
  onState: (change: (before: LoaderState<T>) => LoaderState<T>) => void;
}

/**
 * Events come in crowds, and a page must not take from the service the time that its jobs need. After a calm time what is
 * shown is loaded at once. From load to load the time between them doubles, for as long as there is always something new;
 * and most of the time nothing is being loaded, so that a service that is slow is asked less.
 */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;
const PAUSE_PER_LOAD = 3;
/** However slow the service is, or however long it asks to wait: what is shown must not stay old for hours. */
const LONGEST_WAIT_MS = 60_000;
/** What waiting may mend is tried again. */
export const TRIED_AGAIN_MS = 3_000;

const SETTLED = { isLoading: false, isOfBefore: false };

/** Loads at once, and whenever it is told to: one load at a time, and one more after it when something happened meanwhile. */
export function createLoader<T>({ load, onState }: LoaderOptions<T>): Loader {
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  let isLoading = false;
  let isWanted = false;
  let begunAt = -Infinity;
  /** Whatever happens, nothing is loaded before: the service is slow, or has asked to wait. */
  let notBefore = -Infinity;
  let pauseMs = FIRST_PAUSE_MS;
  let hasLoaded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function loadNow(): Promise<void> {
    isLoading = true;
    isWanted = false;
    const now = performance.now();
    pauseMs = now - begunAt > 2 * pauseMs ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    begunAt = now;
    onState((before) => ({
      ...before,
      isLoading: true,
      isOfBefore: !hasLoaded && before.value !== undefined,
    }));
    try {
      const value = await load(stopping.signal);
      hasLoaded = true;
      if (!isStopped()) onState(() => ({ value, ...SETTLED, problem: undefined }));
      waitFor(0);
    } catch (error) {
      if (!isStopped()) fail(problemOf(error));
    }
    isLoading = false;
    lookAgain();
  }

  function fail(problem: ApiProblem): void {
    // What was shown before this loader began may be the answer to another question.
    onState(({ value }) => ({ value: hasLoaded ? value : undefined, ...SETTLED, problem }));
    const mayMend = mayBeMended(problem);
    waitFor(mayMend ? Math.max(TRIED_AGAIN_MS, problem.retryAfterMs) : 0);
    isWanted ||= mayMend;
  }

  function waitFor(ms: number): void {
    const now = performance.now();
    const atMost = (wait: number): number => Math.min(wait, LONGEST_WAIT_MS);
    notBefore = Math.max(begunAt + atMost(PAUSE_PER_LOAD * (now - begunAt)), now + atMost(ms));
  }

  function lookAgain(): void {
    if (!isWanted || isLoading) return;
    clearTimeout(timer);
    const ms = Math.max(begunAt + pauseMs, notBefore) - performance.now();
    if (!isStopped()) timer = setTimeout(() => void loadNow(), Math.max(0, ms));
  }

  void loadNow();
  return {
    loadSoon() {
      isWanted = true;
      lookAgain();
    },
    loadNow() {
      clearTimeout(timer);
      if (!isLoading && !isStopped()) void loadNow();
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
    },
  };
}

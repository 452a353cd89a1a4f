import { mayBeMended, problemOf, type ApiProblem } from './problem.js';

export interface LoaderState<T> {
  /** The newest answer; while another one is loaded, that of before. */
  value: T | undefined;
  /** Why the newest load failed. */
  problem: ApiProblem | undefined;
  isLoading: boolean;
}

export interface Loader {
  /** Loads again; at once, unless it has just been loaded or is being loaded. */
  loadSoon: () => void;
  stop: () => void;
}

interface LoaderOptions<T> {
  load: (signal: AbortSignal) => Promise<T>;
  onState: (change: (before: LoaderState<T>) => LoaderState<T>) => void;
}

/** Events come in crowds: what is shown is loaded again at once, and then at most so often. */
const BETWEEN_LOADS_MS = 600;
/** What waiting may mend is tried again. */
export const TRIED_AGAIN_MS = 3_000;

/** Loads at once, and whenever it is told to: one load at a time, and one more after it when something happened meanwhile. */
export function createLoader<T>({ load, onState }: LoaderOptions<T>): Loader {
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  let isLoading = false;
  let isWanted = false;
  let begunAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function loadNow(): Promise<void> {
    isLoading = true;
    isWanted = false;
    begunAt = performance.now();
    onState((before) => ({ ...before, isLoading: true }));
    try {
      const value = await load(stopping.signal);
      if (!isStopped()) onState(() => ({ value, problem: undefined, isLoading: false }));
    } catch (error) {
      if (!isStopped()) fail(problemOf(error));
    }
    isLoading = false;
    lookAgain();
  }

  function fail(problem: ApiProblem): void {
    onState((before) => ({ ...before, problem, isLoading: false }));
    if (mayBeMended(problem)) loadAfter(TRIED_AGAIN_MS);
  }

  function lookAgain(): void {
    if (isWanted && !isLoading) loadAfter(begunAt + BETWEEN_LOADS_MS - performance.now());
  }

  function loadAfter(ms: number): void {
    clearTimeout(timer);
    if (!isStopped()) timer = setTimeout(() => void loadNow(), Math.max(0, ms));
  }

  void loadNow();
  return {
    loadSoon() {
      isWanted = true;
      lookAgain();
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
    },
  };
}

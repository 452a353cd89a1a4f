import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobEvent } from '../live/job-event.js';
import { onEvent } from '../live/live.js';
import { createLoader, type Loader, type LoaderState } from './loader.js';
import { whenSeen } from '../live/when-seen.js';
import { noteProblem, session } from './session.js';

export interface Loaded<T> extends LoaderState<T> {
  reload: () => void;
  /** For a button that the viewer presses. */
  retry: () => void;
}

/**
 * Loads when it is first shown, and again whenever `key` changes, or an event concerns it.
 * @param key says what is loaded: two loads with the same one would get the same
 * @param concerns whether an event may have changed what is shown; left out: none does
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  concerns?: (event: JobEvent) => boolean,
): Loaded<T> {
  const [state, setState] = useState<LoaderState<T>>(NOTHING_YET);
  const newest = useRef({ load, concerns });
  newest.current = { load, concerns };
  const loader = useRef<Loader | undefined>(undefined);

  useEffect(() => {
    let isFirst = true;
    const created = createLoader<T>({
      load: async (signal) => {
        // A tab in the background is there when it is looked at, and asks nothing more until then.
        if (!isFirst) await whenSeen(signal);
        isFirst = false;
        return newest.current.load(signal);
      },
      onState: setState,
    });
    loader.current = created;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const unfollow = onEvent((event) => {
      const { concerns: isConcerned } = newest.current;
      // When the stream begins, what happened before it may have been missed.
      if (isConcerned === undefined || !(event === undefined || isConcerned(event))) return;
      created.loadSoon();
      if (event === undefined) return;
      clearTimeout(settling);
      settling = setTimeout(created.loadSoon, SETTLED_MS);
    });
    return () => {
      unfollow();
      clearTimeout(settling);
      created.stop();
    };
  }, [key]);

  const { problem } = state;
  useEffect(() => {
    if (problem) noteProblem(problem);
  }, [problem]);
  const { kind } = session.value;
  useEffect(() => {
    // The viewer has given another credential.
    if (kind === 'known' && problem?.status === 401) loader.current?.loadSoon();
  }, [kind]);
  return {
    ...state,
    reload: () => loader.current?.loadSoon(),
    retry: () => loader.current?.loadNow(),
  };
}

/** An answer may be older than the event that it was asked for: read models of another process follow a little later. */
const SETTLED_MS = 2_500;
const NOTHING_YET = { value: undefined, problem: undefined, isLoading: true, isOfBefore: false };

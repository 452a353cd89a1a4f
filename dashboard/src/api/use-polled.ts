import { useEffect } from 'preact/hooks';
import type { JobEvent } from '../live/job-event.js';
import { useLoaded, type Loaded } from './use-loaded.js';

const EVERY_MS = 5_000;
/** For what becomes another by time alone, as a slot that is due and that nobody starts. */
export const SLOWLY_MS = 30_000;

/** As `useLoaded`, and again each so often while the tab is visible: for what no event tells of. */
export function usePolled<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  concerns: (event: JobEvent) => boolean,
  everyMs = EVERY_MS,
): Loaded<T> {
  const loaded = useLoaded(key, load, concerns);
  const { reload } = loaded;
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') reload();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [key]);
  return loaded;
}

import { useEffect } from 'preact/hooks';
import type { JobEvent } from '../live/job-event.js';
import { useLoaded, type Loaded } from './use-loaded.js';

const EVERY_MS = 5_000;

/** As `useLoaded`, and again each 5 s while the tab is visible: for what no event tells of. */
export function usePolled<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  concerns?: (event: JobEvent) => boolean,
): Loaded<T> {
  const loaded = useLoaded(key, load, concerns);
  const { reload } = loaded;
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') reload();
    };
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [key]);
  return loaded;
}

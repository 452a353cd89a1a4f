import type { SeenLease } from './lease.js';

/** Who leads, as one instance knows it. */
export interface LeaderState {
  /** This process. */
  instance: string;
  /** Whether it leads itself. */
  leading: boolean;
  /** `expired`: no renewal seen for the duration of the lease. `unknown`: the log has not answered yet. */
  status: 'held' | 'released' | 'expired' | 'none' | 'unknown';
  /** null when nobody leads. */
  holder: string | null;
  /** The newest term there has been; null when there was none. */
  term: number | null;
  /** When the holder's term began, by its own clock; null when nobody leads. */
  since: string | null;
  /** How often this process has seen one term follow another. */
  changes: number;
}

interface Known {
  instance: string;
  leading: boolean;
  seen: SeenLease | undefined;
  changes: number;
  /** Monotonic milliseconds. */
  now: number;
}

export function leaderState({ seen, now, ...known }: Known): LeaderState {
  const nobody = { ...known, holder: null, since: null };
  if (seen === undefined) return { ...nobody, status: 'unknown', term: null };
  const { record, at } = seen;
  if (record === undefined) return { ...nobody, status: 'none', term: null };
  const { holder, term, since, lease_ms, type } = record;
  if (type === 'LeaseReleased') return { ...nobody, status: 'released', term };
  if (now - at >= lease_ms) return { ...nobody, status: 'expired', term };
  return { ...known, status: 'held', holder, term, since };
}

import { fromTimestamp } from '../events/timestamp.js';
import type { SignRecord } from './sign-record.js';

/** The newest time in the signs of life, epoch milliseconds; undefined when there are none. */
export function lastTimeOf(history: readonly SignRecord[]): number | undefined {
  const last = history.at(-1);
  return last && fromTimestamp(last.agreed_at ?? last.wall_at);
}

/** Whether an instance has not signed off: it may live. */
export function mayHaveOthers(history: readonly SignRecord[]): boolean {
  const left = new Set<string>();
  for (const { type, instance } of history) if (type === 'InstanceLeft') left.add(instance);
  return history.some(({ type, instance }) => type === 'InstanceSeen' && !left.has(instance));
}

import type { RecordedEvent } from '../../src/ports/event-log.js';
import type { Seen } from './follow-log.js';

export type TakeoverKind = 'kill' | 'fast kill' | 'kill of all' | 'pause' | 'hand-over';

/** A leader that was taken away. */
export interface Mark {
  kind: TakeoverKind;
  /** Epoch milliseconds, by the clock that has seen the log. */
  at: number;
  term: number;
}

export interface Takeover extends Mark {
  /**
   * Until another holder's lease was seen: taken, or already renewed, as the stream keeps only its last event.
   * Undefined when it never was.
   */
  leaseMs: number | undefined;
  /** Until the first scheduled decision of a later term. */
  decisionMs: number | undefined;
  /** The new leader's clock is behind the old one's: slots that the old one has settled come due for it only later. */
  behindMs: number;
}

/** Clocks that agree within this are one. */
const SAME_CLOCK_MS = 50;

/** @param offsetOf by how much the clock of a holder is off */
export function takeovers(
  marks: readonly Mark[],
  seen: readonly Seen[],
  offsetOf: (holder: string) => number | undefined,
): Takeover[] {
  const holders = new Map<number, string>();
  const held: { term: number; at: number }[] = [];
  const decided: { term: number; at: number }[] = [];
  for (const { event, at } of seen) {
    const { type, data } = event;
    const term = scheduledTerm(event);
    if (type === 'LeaseTaken' || type === 'LeaseRenewed') {
      held.push({ term: Number(data.term), at });
      holders.set(Number(data.term), String(data.holder));
    }
    if (term !== undefined) decided.push({ term, at });
  }
  const clockOf = (term: number): number => offsetOf(holders.get(term) ?? '') ?? 0;

  return marks.map((mark) => {
    const isLater = ({ term, at }: { term: number; at: number }): boolean =>
      term > mark.term && at >= mark.at;
    const lease = held.find(isLater);
    const decision = decided.find(isLater);
    const behind = decision === undefined ? 0 : clockOf(mark.term) - clockOf(decision.term);
    return {
      ...mark,
      leaseMs: lease && lease.at - mark.at,
      decisionMs: decision && decision.at - mark.at,
      behindMs: behind > SAME_CLOCK_MS ? behind : 0,
    };
  });
}

/** The term of a decision about a slot; undefined for other events. */
export function scheduledTerm({ type, data, metadata }: RecordedEvent): number | undefined {
  const isScheduled = type === 'RunSkipped' || (type === 'RunStarted' && data.slot !== null);
  return isScheduled ? (metadata as { term?: number }).term : undefined;
}

/** @param share 0.5 is the median, 1 the largest */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

import { WrongExpectedVersionError } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { NOT_KNOWN } from '../rpc-errors.js';

/** What is compared of an answer: no positions and no times, which differ by nature. */
export interface Answer {
  kind: 'success' | 'error' | 'not_known';
  said: string;
  /** One for each event of a read. */
  events: readonly string[];
  /** The revision after an append. */
  next?: bigint;
}

export const success = (said: string, events: readonly string[] = []): Answer => ({
  kind: 'success',
  said,
  events,
});

/** @throws what is no answer of a server: one that cannot be reached says nothing of how it behaves */
export function failure(error: unknown): Answer {
  if (!(error instanceof Error)) throw error;
  const events: string[] = [];
  if (error.message.includes(NOT_KNOWN)) return { kind: 'not_known', said: error.message, events };
  const { type, code } = error as { type?: string; code?: number };
  const isAnswer = type !== undefined || code !== undefined;
  if (!isAnswer || type === 'unavailable' || code === status.UNAVAILABLE) throw error;
  const versions =
    error instanceof WrongExpectedVersionError
      ? `: expected ${error.expectedVersion}, actual ${error.actualVersion}`
      : '';
  return { kind: 'error', said: `${type ?? `gRPC ${String(code)}`}${versions}`, events };
}

export const isSame = (a: Answer, b: Answer): boolean =>
  a.said === b.said && a.events.length === b.events.length && firstDifference(a, b) === -1;

/** What one of the two says that the other does not; of long reads only the first such event. */
export function saidApart(answer: Answer, other: Answer): string {
  const at = firstDifference(answer, other);
  if (at === -1) return answer.said;
  return `${answer.said}; number ${at + 1} is ${answer.events[at] ?? 'missing'}`;
}

/** The index of the first event that differs, or -1. */
export function firstDifference(a: Answer, b: Answer): number {
  const longer = a.events.length > b.events.length ? a : b;
  return longer.events.findIndex((_, at) => a.events[at] !== b.events[at]);
}

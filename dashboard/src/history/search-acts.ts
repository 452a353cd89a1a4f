import { problemOf, type ApiProblem } from '../api/problem.js';
import type { HistoryEvent } from './event-sentence.js';
import { isAct } from './is-act.js';

interface Page {
  data: readonly HistoryEvent[];
  pagination: { next_cursor: string | null };
}

export interface ActsFound {
  /** The newest first. */
  acts: HistoryEvent[];
  /** Where a further search goes on; null: this one has reached the creation of the job. */
  next: string | null;
  /** So many events were looked at. */
  lookedAt: number;
  /** The oldest of them; undefined: there was none. */
  oldest: HistoryEvent | undefined;
  /** The changes of the job before all of those, when the search has ended early. */
  older: HistoryEvent[];
  /** Why the index could not tell those. What was found in the history itself stays. */
  olderProblem: ApiProblem | undefined;
}

interface Search {
  cursor: string | undefined;
  /** A page of all events, the newest first. */
  pageOf: (cursor: string | undefined) => Promise<Page>;
  /** The newest changes of the job before an instant (RFC 3339), from the index. */
  changesBefore: (instant: string) => Promise<readonly HistoryEvent[]>;
}

/** An answer of the service has so many events; those of a job that runs each minute fill it in half an hour. */
const MOST_PAGES = 5;
const ENOUGH = 20;

/**
 * Looks through the history of a job for the acts of people, back from a cursor, and goes on until it has enough. Runs
 * may lie between them by thousands: after a few pages it gives up, and has the index tell the changes before.
 */
export async function searchActs({ cursor, pageOf, changesBefore }: Search): Promise<ActsFound> {
  const acts: HistoryEvent[] = [];
  let next: string | null | undefined = cursor;
  let lookedAt = 0;
  let oldest: HistoryEvent | undefined;
  for (let pages = 0; pages < MOST_PAGES && next !== null && acts.length < ENOUGH; pages++) {
    const page: Page = await pageOf(next);
    acts.push(...page.data.filter(isAct));
    lookedAt += page.data.length;
    oldest = page.data.at(-1) ?? oldest;
    next = page.pagination.next_cursor;
  }
  const found: ActsFound = { acts, next: next ?? null, lookedAt, oldest, older: [], olderProblem: undefined };
  const before = oldest?.version ?? 0;
  if (found.next === null || acts.length >= ENOUGH || oldest === undefined) return found;
  // Several events may have one time, and what is asked for lies before an instant.
  const until = new Date(Date.parse(oldest.at ?? oldest.recorded_at) + 1).toISOString();
  try {
    return { ...found, older: (await changesBefore(until)).filter(({ version }) => version < before) };
  } catch (error) {
    return { ...found, olderProblem: problemOf(error) };
  }
}

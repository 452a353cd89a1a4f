import type { ComponentChildren } from 'preact';
import { hrefOf } from '../place/parse-place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { Instant } from '../show/instant.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { count } from '../show/show-duration.js';
import type { HistoryEvent } from './event-sentence.js';
import type { ActsFound } from './search-acts.js';

interface HistoryListProps {
  found: ActsFound;
  zone: string;
  path: readonly string[];
  query: Readonly<Record<string, string>>;
  onRetry: () => void;
  entry: (event: HistoryEvent) => ComponentChildren;
}

/** What was found, the newest first, and how far back that reaches. */
export function HistoryList({ found, zone, path, query, onRetry, entry }: HistoryListProps) {
  const { acts, older, olderProblem, next, lookedAt, oldest } = found;
  const endedEarly = next !== null && query.show !== 'all';
  return (
    <>
      {acts.length > 0 && <ol class="history">{acts.map(entry)}</ol>}
      {acts.length === 0 && !endedEarly && <p>Nothing has happened before.</p>}
      {endedEarly && (
        <p class="notice">
          {acts.length === 0 && 'Nobody has done anything here: '}
          {count(lookedAt)} events were looked through, back to{' '}
          <Instant at={oldest?.at ?? oldest?.recorded_at} zone={zone} />.{' '}
          {older.length > 0 &&
            'Before that, only the newest changes of the job itself are shown, and no runs. '}
          <a href={hrefOf(path, { ...query, cursor: next })}>Search further back</a>
        </p>
      )}
      {olderProblem && <ProblemNotice problem={olderProblem} onRetry={onRetry} />}
      {older.length > 0 && (
        <ol class="history" aria-label="Changes before">
          {older.map(entry)}
        </ol>
      )}
      <CursorPager next={endedEarly ? null : next} />
    </>
  );
}

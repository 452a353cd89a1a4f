/** The current revision of a stream without events, and the expected revision that asks for one. */
export const NO_STREAM = -1;

export type Expected = number | 'any' | 'stream_exists';

/** What the rule asks of a stream; revisions count what is written, replicated or not. */
export interface StreamView {
  last: number;
  replicatedLast: number;
  softDeleted: boolean;
  tombstoned: boolean;
  hasMetadata: boolean;
  idAt(revision: number): string | undefined;
  /** Whether an event with this id was ever written, to whatever stream. */
  wasWritten(id: string): boolean;
}

export type Decision =
  | { kind: 'append' }
  | { kind: 'repeat'; last: number; replicated: boolean }
  | { kind: 'wrong_version'; current: number }
  | { kind: 'deleted' }
  | { kind: 'not_known' };

/** The rule of IndexWriter.CheckCommit (EventStoreDB, KurrentDB 26.1), line by line. */
export function decideAppend(stream: StreamView, expected: Expected, ids: readonly string[]): Decision {
  if (stream.tombstoned) return { kind: 'deleted' };
  if (expected === 'stream_exists' && !exists(stream)) return wrongVersion(stream);
  if (typeof expected === 'string') return decideByIdsAlone(stream, ids);
  if (expected > stream.last) return wrongVersion(stream);
  if (expected === stream.last) return { kind: 'append' };
  return decideEarlier(stream, expected, ids);
}

const exists = ({ softDeleted, last, hasMetadata }: StreamView): boolean =>
  !softDeleted && (last > NO_STREAM || hasMetadata);

const wrongVersion = ({ last }: StreamView): Decision => ({ kind: 'wrong_version', current: last });

const repeat = ({ replicatedLast }: StreamView, last: number): Decision => ({
  kind: 'repeat',
  last,
  replicated: replicatedLast >= last,
});

/**
 * Without a revision the server looks ids up in a cache, which keeps one place for each id in all streams and forgets: a
 * real one answered the same append in several ways, or not at all.
 */
const decideByIdsAlone = (stream: StreamView, ids: readonly string[]): Decision => ({
  kind: ids.some((id) => stream.wasWritten(id)) ? 'not_known' : 'append',
});

function decideEarlier(stream: StreamView, expected: number, ids: readonly string[]): Decision {
  const matching = ids.findIndex((id, at) => stream.idAt(expected + 1 + at) !== id);
  if (ids.length > 0 && matching === -1) return repeat(stream, expected + ids.length);
  const nothingMatches = matching <= 0;
  if (nothingMatches && expected === NO_STREAM && stream.softDeleted) return { kind: 'append' };
  return wrongVersion(stream);
}

import type { StatusObject } from '@grpc/grpc-js';
import { type Expected, NO_STREAM } from './append-rule.js';
import type { AppendFault } from './faults.js';
import { type LogPosition, at } from './position.js';
import type { Node } from './node.js';
import { maxAppendSizeExceeded, notKnown, notReady, streamDeleted, timedOut } from './rpc-errors.js';
import type { ProposedEvent, StoredEvent } from './stored-event.js';
import type { Storage } from './storage.js';
import { firstShown } from './stream-metadata.js';

export interface AppendRequest {
  stream: string;
  expected: Expected;
  events: readonly ProposedEvent[];
}

export type AppendAnswer =
  | { kind: 'success'; revision: number; position: LogPosition | undefined }
  | { kind: 'wrong_version'; current: number }
  | { kind: 'error'; error: StatusObject };

/** Of one append, in bytes: the default of the server. */
const MAX_APPEND_SIZE = 1024 * 1024;

type Answer = (answer: AppendAnswer) => unknown;

/** Calls `answer` at most once, perhaps later. */
export function acceptAppend(node: Node, request: AppendRequest, answer: Answer): void {
  if (sizeOf(request) > MAX_APPEND_SIZE) {
    answer({ kind: 'error', error: maxAppendSizeExceeded(MAX_APPEND_SIZE) });
    return;
  }
  const fault = node.faults.appends.shift();
  if (fault === undefined) {
    write(node.storage, request, answer);
    return;
  }
  const { writes, error } = FAULTS[fault];
  const broken = (): unknown => error !== undefined && answer({ kind: 'error', error: error() });
  if (writes) write(node.storage, request, broken);
  else broken();
}

const FAULTS: Record<AppendFault, { writes: boolean; error?: () => StatusObject }> = {
  hang: { writes: false },
  not_ready: { writes: false, error: notReady },
  time_out: { writes: false, error: timedOut },
  write_then_hang: { writes: true },
  write_then_not_ready: { writes: true, error: notReady },
  write_then_time_out: { writes: true, error: timedOut },
};

const sizeOf = ({ events }: AppendRequest): number =>
  events.reduce((sum, { type, data, metadata }) => sum + type.length + data.length + metadata.length, 0);

function write(storage: Storage, { stream, expected, events }: AppendRequest, answer: Answer): void {
  const ids = events.map(({ id }) => id);
  const decision = storage.decide(stream, expected, ids);
  switch (decision.kind) {
    case 'deleted':
      answer({ kind: 'error', error: streamDeleted(stream) });
      break;
    case 'wrong_version':
      answer({ kind: 'wrong_version', current: decision.current });
      break;
    case 'not_known':
      answer({ kind: 'error', error: notKnown('an append without a revision of ids that it has seen') });
      break;
    case 'repeat': {
      const { last, replicated } = decision;
      // StorageWriterService drops the others and leaves the client to its deadline.
      if (replicated)
        answer({ kind: 'success', revision: last, position: positionOfRepeat(storage, stream, last) });
      break;
    }
    case 'append': {
      const last = storage.write(stream, events).at(-1);
      const success = (revision: number, position?: LogPosition): unknown =>
        answer({ kind: 'success', revision, position });
      if (last === undefined) success(lastRevision(storage, stream));
      else whenShown(storage, last, () => success(last.revision, at(last.position)));
      break;
    }
  }
}

const lastRevision = (storage: Storage, stream: string): number =>
  storage.shownOf(stream).at(-1)?.revision ?? NO_STREAM;

/** The server reads the last event of the repeat for its position, and finds none that `$maxCount` hides. */
function positionOfRepeat(storage: Storage, stream: string, revision: number): LogPosition | undefined {
  const last = storage.shownOf(stream)[revision];
  const first = firstShown(storage.metadataOf(stream), lastRevision(storage, stream));
  return last === undefined || revision < first ? undefined : at(last.position);
}

function whenShown(storage: Storage, event: StoredEvent, then: () => void): void {
  if (storage.isShown(event)) {
    then();
    return;
  }
  const stop = storage.onShown(() => {
    if (!storage.isShown(event)) return;
    stop();
    then();
  });
}

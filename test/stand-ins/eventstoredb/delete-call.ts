import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, StatusObject, sendUnaryData } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Expected, NO_STREAM } from './append-rule.js';
import { type Node, count, refusal } from './node.js';
import { streamDeleted, wrongExpectedVersion } from './rpc-errors.js';
import type { StoredEvent } from './stored-event.js';
import { metadataStreamOf } from './stream-metadata.js';
import { expectedOf, streamName } from './wire-append.js';

type Options = streams.DeleteReq.Options | streams.TombstoneReq.Options;

/** Streams/Delete: hides all events by `$tb`; the stream may be appended to again, and goes on counting. */
export const deleteCall =
  (node: Node) =>
  (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    callback: sendUnaryData<streams.DeleteResp>,
  ): void => {
    count(node, 'delete');
    const stream = streamName(call.request.getOptions()?.getStreamIdentifier());
    const expected = asked(call.request.getOptions());
    const refused =
      refusal(node, call.metadata) ?? whyNot(node, stream, expected) ?? neverCreated(node, stream, expected);
    if (refused !== undefined) {
      callback(refused);
      return;
    }
    const position = placed(new streams.DeleteResp.Position(), node.storage.softDelete(stream));
    callback(null, new streams.DeleteResp().setPosition(position));
  };

/** Streams/Tombstone: no append to this stream ever succeeds again. */
export const tombstoneCall =
  (node: Node) =>
  (
    call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
    callback: sendUnaryData<streams.TombstoneResp>,
  ): void => {
    count(node, 'tombstone');
    const stream = streamName(call.request.getOptions()?.getStreamIdentifier());
    const expected = asked(call.request.getOptions());
    const refused = refusal(node, call.metadata) ?? whyNot(node, stream, expected);
    if (refused !== undefined) {
      callback(refused);
      return;
    }
    const position = new streams.TombstoneResp.Position();
    const placedAt = placed(position, node.storage.tombstone(stream));
    callback(null, new streams.TombstoneResp().setPosition(placedAt));
  };

const asked = (options: Options | undefined): Expected =>
  expectedOf({
    hasNoStream: () => options?.hasNoStream() ?? false,
    hasAny: () => options?.hasAny() ?? true,
    hasStreamExists: () => options?.hasStreamExists() ?? false,
    revision: options?.getRevision() ?? '',
  });

/** A delete is decided as an append of one new event. */
function whyNot({ storage }: Node, stream: string, expected: Expected): StatusObject | undefined {
  const decision = storage.decide(stream, expected, [randomUUID()]);
  if (decision.kind === 'deleted') return streamDeleted(stream);
  if (decision.kind === 'wrong_version') return wrongVersion(stream, expected, decision.current);
  return undefined;
}

/** Only a soft delete asks for events or metadata to hide; with neither, no expectation is right. */
function neverCreated({ storage }: Node, stream: string, expected: Expected): StatusObject | undefined {
  const isThere = [stream, metadataStreamOf(stream)].some((each) => storage.shownOf(each).length > 0);
  return isThere ? undefined : wrongVersion(stream, expected, NO_STREAM);
}

/** How the protocol names what is no revision. */
const EXPECTED = { any: -2, stream_exists: -4 };

const wrongVersion = (stream: string, expected: Expected, actual: number): StatusObject =>
  wrongExpectedVersion(stream, typeof expected === 'string' ? EXPECTED[expected] : expected, actual);

function placed<P extends streams.DeleteResp.Position | streams.TombstoneResp.Position>(
  position: P,
  event: StoredEvent,
): P {
  position.setCommitPosition(String(event.position)).setPreparePosition(String(event.position));
  return position;
}

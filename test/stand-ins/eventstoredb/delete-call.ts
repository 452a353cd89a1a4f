import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall, StatusObject, sendUnaryData } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { NO_STREAM } from './append-rule.js';
import { type Node, count, refusal } from './node.js';
import { streamDeleted, wrongExpectedVersion } from './rpc-errors.js';
import { type StoredEvent, jsonProposal } from './stored-event.js';
import { metadataStreamOf } from './stream-metadata.js';
import { streamName } from './wire-append.js';

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
    const refused = refusal(node, call.metadata) ?? whyNot(node, stream, call.request.getOptions());
    if (refused !== undefined) {
      callback(refused);
      return;
    }
    // As text, since no double holds the number that says: deleted.
    const event = {
      ...jsonProposal(randomUUID(), '$metadata', {}),
      data: Buffer.from('{"$tb":9223372036854775807}'),
    };
    const [stored] = node.storage.write(metadataStreamOf(stream), [event]);
    const position = new streams.DeleteResp.Position();
    callback(null, new streams.DeleteResp().setPosition(placed(position, stored)));
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
    const refused = refusal(node, call.metadata) ?? whyNot(node, stream, call.request.getOptions());
    if (refused !== undefined) {
      callback(refused);
      return;
    }
    const position = new streams.TombstoneResp.Position();
    const placedAt = placed(position, node.storage.tombstone(stream));
    callback(null, new streams.TombstoneResp().setPosition(placedAt));
  };

function whyNot({ storage }: Node, stream: string, options: Options | undefined): StatusObject | undefined {
  if (storage.isTombstoned(stream)) return streamDeleted(stream);
  const actual = storage.shownOf(stream).at(-1)?.revision ?? NO_STREAM;
  const expected = options?.hasNoStream() === true ? NO_STREAM : Number(options?.getRevision());
  const expectsOne = options?.hasNoStream() === true || options?.hasRevision() === true;
  if (expectsOne && expected !== actual) return wrongExpectedVersion(stream, String(expected), actual);
  return undefined;
}

function placed<P extends streams.DeleteResp.Position | streams.TombstoneResp.Position>(
  position: P,
  event: StoredEvent | undefined,
): P {
  position.setCommitPosition(String(event?.position)).setPreparePosition(String(event?.position));
  return position;
}

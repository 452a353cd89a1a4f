import type { ServerDuplexStream } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type AppendAnswer, acceptAppend } from './accept-append.js';
import { NO_STREAM } from './append-rule.js';
import { type Node, count, refusal } from './node.js';
import { expectedOf, proposedEvent, streamIdentifier, streamName } from './wire-append.js';

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** Streams/BatchAppend: many appends in one call, told apart by their correlation ids. */
export const batchAppendCall =
  (node: Node) =>
  (call: Call): void => {
    count(node, 'batch_append');
    const refused = refusal(node, call.metadata);
    if (refused !== undefined) return void call.emit('error', refused);
    node.open.add(call);
    const parts = new Map<string, streams.BatchAppendReq[]>();
    call.on('cancelled', () => node.open.delete(call));
    call.on('end', () => {
      node.open.delete(call);
      call.end();
    });
    call.on('data', (request: streams.BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const requests = [...(parts.get(id) ?? []), request];
      parts.set(id, requests);
      if (!request.getIsFinal()) return;
      parts.delete(id);
      answerBatch(node, requests, (response) => {
        if (!call.cancelled) call.write(response.setCorrelationId(request.getCorrelationId()));
      });
    });
  };

function answerBatch(
  node: Node,
  requests: streams.BatchAppendReq[],
  respond: (response: streams.BatchAppendResp) => void,
): void {
  const options = requests[0]?.getOptions();
  if (options === undefined) return;
  const stream = streamName(options.getStreamIdentifier());
  const expected = expectedOf({
    hasNoStream: () => options.hasNoStream(),
    hasAny: () => options.hasAny(),
    hasStreamExists: () => options.hasStreamExists(),
    revision: options.getStreamPosition(),
  });
  const events = requests.flatMap((part) => part.getProposedMessagesList()).map(proposedEvent);
  acceptAppend(node, { stream, expected, events }, (answer) => {
    const response = new streams.BatchAppendResp().setStreamIdentifier(streamIdentifier(stream));
    if (answer.kind === 'success') respond(response.setSuccess(success(answer)));
    else respond(response.setError(failure(answer)));
  });
}

function success({
  revision,
  position,
}: Extract<AppendAnswer, { kind: 'success' }>): streams.BatchAppendResp.Success {
  const message = new streams.BatchAppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new emptyPb.Empty());
  return message.setPosition(
    new shared.AllStreamPosition()
      .setCommitPosition(String(position.commit))
      .setPreparePosition(String(position.prepare)),
  );
}

/** The kind of failure is a packed message; of errors only what the server knows here. */
function failure(answer: Exclude<AppendAnswer, { kind: 'success' }>): statusPb.Status {
  const details = new any.Any();
  if (answer.kind === 'error') {
    details.pack(new shared.Unknown().serializeBinary(), 'event_store.client.Unknown');
    return new statusPb.Status().setMessage(answer.error.details).setDetails(details);
  }
  const wrong = new shared.WrongExpectedVersion();
  if (answer.current === NO_STREAM) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(answer.current));
  details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  return new statusPb.Status().setDetails(details);
}

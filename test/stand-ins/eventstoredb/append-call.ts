import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type AppendAnswer, acceptAppend } from './accept-append.js';
import { type Node, count, refusal } from './node.js';
import { invalidArgument, missingProperty, notKnown } from './rpc-errors.js';
import { appendResponse, expectedOf, proposedEvent, streamName } from './wire-append.js';

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** Streams/Append: options first, then one message for each event; answered when the client has ended. */
export const appendCall =
  (node: Node) =>
  (call: Call, callback: sendUnaryData<streams.AppendResp>): void => {
    count(node, 'append');
    node.open.add(call);
    const requests: streams.AppendReq[] = [];
    call.on('data', (request: streams.AppendReq) => requests.push(request));
    call.on('cancelled', () => node.open.delete(call));
    call.on('end', () => {
      if (call.cancelled) return;
      const done: sendUnaryData<streams.AppendResp> = (error, response) => {
        node.open.delete(call);
        if (!call.cancelled) callback(error, response);
      };
      const refused = refusal(node, call.metadata);
      if (refused !== undefined) {
        done(refused);
        return;
      }
      answerAppend(node, requests, done);
    });
  };

/** Streams/BatchAppend: offered, as every server does, and refused; tests look whether a client has called it. */
export const batchAppendCall =
  (node: Node) =>
  (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void => {
    count(node, 'batch_append');
    call.emit('error', notKnown('a batch of appends'));
  };

function answerAppend(
  node: Node,
  [header, ...messages]: streams.AppendReq[],
  done: sendUnaryData<streams.AppendResp>,
): void {
  const options = header?.getOptions();
  if (options === undefined) {
    done(invalidArgument('the first message has no options'));
    return;
  }
  const stream = streamName(options.getStreamIdentifier());
  const expected = expectedOf({
    hasNoStream: () => options.hasNoStream(),
    hasAny: () => options.hasAny(),
    hasStreamExists: () => options.hasStreamExists(),
    revision: options.getRevision(),
  });
  const proposed = messages.map((message) => message.getProposedMessage());
  const events = proposed.filter((message) => message !== undefined).map(proposedEvent);
  for (const { type, contentType } of events) {
    if (type === '') {
      done(missingProperty('type'));
      return;
    }
    if (contentType === '') {
      done(missingProperty('content-type'));
      return;
    }
  }
  acceptAppend(node, { stream, expected, events }, (answer: AppendAnswer) => {
    if (answer.kind === 'error') done(answer.error);
    else done(null, appendResponse(answer, expected));
  });
}

import type { StatusObject } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type Node, count, refusal } from './node.js';
import { readAll, readStream } from './read-pages.js';
import {
  invalidArgument,
  notKnown,
  notReady,
  streamDeleted,
  unexpectedInvalidPosition,
} from './rpc-errors.js';
import type { StoredEvent } from './stored-event.js';
import type { ReadCall } from './subscription-call.js';
import { openSubscription } from './subscription.js';
import { streamName } from './wire-append.js';
import { allFrom, eventResponse, notFoundResponse } from './wire-read.js';

/** Streams/Read: with a count it ends by itself, as a subscription it does not. */
export const readCall =
  (node: Node) =>
  (call: ReadCall): void => {
    const options = call.request.getOptions() ?? new streams.ReadReq.Options();
    const subscribes = options.hasSubscription();
    count(node, subscribes ? 'subscribe' : 'read');
    const refused = refusal(node, call.metadata);
    if (refused !== undefined) {
      fail(call, refused);
      return;
    }
    node.open.add(call);
    call.on('cancelled', () => node.open.delete(call));
    call.on('close', () => node.open.delete(call));
    if (subscribes) {
      openSubscription(node, call, options);
      return;
    }
    answerRead(node, call, options);
  };

const fail = (call: ReadCall, error: StatusObject): void => void call.emit('error', error);

function answerRead(node: Node, call: ReadCall, options: streams.ReadReq.Options): void {
  const fault = node.faults.reads.shift();
  if (fault === 'hang') return;
  if (fault === 'not_ready') {
    fail(call, notReady());
    return;
  }
  if (node.faults.readDelayMs === 0) {
    send(node, call, options);
    return;
  }
  const timer = setTimeout(() => send(node, call, options), node.faults.readDelayMs);
  call.on('cancelled', () => clearTimeout(timer));
}

function send(node: Node, call: ReadCall, options: streams.ReadReq.Options): void {
  const found = options.hasStream() ? ofStream(node, options) : ofAll(node, options);
  if (!Array.isArray(found)) {
    fail(call, found);
    return;
  }
  // Written at once: HTTP/2 holds what the client does not take, and a test reads little.
  for (const response of found) call.write(response);
  call.end();
}

const countOf = (options: streams.ReadReq.Options): number => Number(options.getCount());
const isBackwards = (options: streams.ReadReq.Options): boolean =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
const responses = (events: readonly StoredEvent[]): streams.ReadResp[] => events.map(eventResponse);

function ofStream({ storage }: Node, options: streams.ReadReq.Options): streams.ReadResp[] | StatusObject {
  const asked = options.getStream();
  const stream = streamName(asked?.getStreamIdentifier());
  if (storage.isTombstoned(stream)) return streamDeleted(stream);
  const from =
    asked?.hasRevision() === true ? Number(asked.getRevision()) : asked?.hasEnd() === true ? 'end' : 'start';
  const read = { from, backwards: isBackwards(options), count: countOf(options) } as const;
  if (from === 'end' && !read.backwards) return notKnown('a read of a stream forwards from its end');
  const events = readStream(storage, stream, read);
  return events === undefined ? [notFoundResponse(stream)] : responses(events);
}

function ofAll({ storage }: Node, options: streams.ReadReq.Options): streams.ReadResp[] | StatusObject {
  const asked = options.getAll();
  if (asked === undefined || options.hasFilter()) return invalidArgument('not known to this stand-in');
  const read = { from: allFrom(asked), backwards: isBackwards(options), count: countOf(options) };
  const events = readAll(storage, read);
  return events === undefined ? unexpectedInvalidPosition() : responses(events);
}

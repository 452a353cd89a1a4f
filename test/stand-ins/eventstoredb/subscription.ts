import { randomUUID } from 'node:crypto';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { goLive } from './go-live.js';
import type { Node } from './node.js';
import { HEAD_OF_LOG, type LogPosition, at, comparePositions, latest } from './position.js';
import { lastPosition } from './read-pages.js';
import { invalidArgument, invalidPosition } from './rpc-errors.js';
import { searchPage } from './search-page.js';
import type { Subscribed } from './subscribed.js';
import { type ReadCall, subscriptionCall } from './subscription-call.js';
import { allFrom, caughtUp, checkpointResponse, confirmation, eventResponse, filterOf } from './wire-read.js';

/** Search window of the server when the client sets none. */
const DEFAULT_WINDOW = 32;

/** A subscription to `$all`, as Enumerator.AllSubscription(Filtered).cs of EventStoreDB 24.10 runs it. */
export function openSubscription(node: Node, readCall: ReadCall, options: streams.ReadReq.Options): void {
  const call = subscriptionCall(readCall);
  node.subscriptions.add(call);
  call.onOver(() => node.subscriptions.delete(call));
  if (node.faults.newSubscriptionsIgnored) return;
  const all = options.getAll();
  if (all === undefined) {
    call.fail(invalidArgument('not known to this stand-in'));
    return;
  }
  const asked = allFrom(all);
  const filter = options.getFilter();
  const window = filter === undefined ? Infinity : filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  let sent: LogPosition | undefined;
  const subscribed: Subscribed = {
    node,
    call,
    filter: filter === undefined ? () => true : filterOf(filter),
    window,
    interval: filter === undefined ? Infinity : window * filter.getCheckpointintervalmultiplier(),
    // The same checkpoint is not sent twice.
    sendCheckpoint: async (position) => {
      if (sent !== undefined && comparePositions(position, sent) <= 0) return;
      sent = position;
      await call.send(checkpointResponse(position));
    },
  };
  const from = asked === 'start' ? HEAD_OF_LOG : asked === 'end' ? lastPosition(node.storage) : asked;
  run(subscribed, from).catch((error: unknown) => call.fail(invalidArgument(String(error))));
}

async function run(subscribed: Subscribed, from: LogPosition): Promise<void> {
  const { node, call } = subscribed;
  const known = node.storage.shown().length;
  // Behind the last event there is nothing to read, so a position there is neither checked nor refused.
  const readsFirst = comparePositions(from, lastPosition(node.storage)) < 0;
  await call.send(confirmation(randomUUID()));
  const checkpoint = readsFirst ? await catchUp(subscribed, from) : from;
  if (checkpoint === undefined) return;
  await call.send(caughtUp());
  await goLive(subscribed, checkpoint, known);
}

/** The checkpoint reached; undefined when the call is over. */
async function catchUp(subscribed: Subscribed, from: LogPosition): Promise<LogPosition | undefined> {
  const { node, call, filter, window, interval, sendCheckpoint } = subscribed;
  let [checkpoint, considered] = [from, 0];
  let start = comparePositions(from, HEAD_OF_LOG) === 0 ? at(0n) : from;
  while (call.isOpen()) {
    const page = searchPage(node.storage, start, window, filter);
    if (page === undefined) {
      call.fail(invalidPosition());
      return undefined;
    }
    for (const event of page.events) {
      if (comparePositions(at(event.position), checkpoint) <= 0) continue;
      await call.send(eventResponse(event));
      checkpoint = at(event.position);
    }
    considered += page.considered;
    // A checkpoint is the last event sent or the beginning of the page just read, never its end.
    if (page.atEnd || considered >= interval) {
      considered %= interval;
      checkpoint = latest(checkpoint, page.current);
      if (interval < Infinity) await sendCheckpoint(checkpoint);
    }
    if (page.atEnd) return checkpoint;
    start = page.next;
  }
  return undefined;
}

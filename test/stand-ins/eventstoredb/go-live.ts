import { type Sending, createLiveBuffer } from './live-buffer.js';
import { type LogPosition, at, comparePositions } from './position.js';
import { consumerTooSlow } from './rpc-errors.js';
import type { StoredEvent } from './stored-event.js';
import type { Subscribed } from './subscribed.js';
import { eventResponse } from './wire-read.js';

/** `known` events were there when the subscription began; the live ones are counted from there. */
export async function goLive(subscribed: Subscribed, from: LogPosition, known: number): Promise<void> {
  const { node, call, filter, interval, sendCheckpoint } = subscribed;
  let [checkpoint, looked] = [from, known];

  /** What is to be sent for the next event, a checkpoint included; undefined when there is none yet. */
  function look(): Sending[] | undefined {
    const event: StoredEvent | undefined = node.storage.shown()[looked];
    if (event === undefined) return undefined;
    looked++;
    const sendings: Sending[] = [];
    const position = at(event.position);
    if (filter(event) && comparePositions(position, checkpoint) > 0) {
      sendings.push(() => call.send(eventResponse(event)));
      checkpoint = position;
    }
    if ((looked - known) % interval === 0 && comparePositions(position, checkpoint) >= 0) {
      sendings.push(() => sendCheckpoint(position));
      checkpoint = position;
    }
    return sendings;
  }

  // What was appended meanwhile is read from the log at the reader's pace. Live is who has nothing left to read.
  for (let sendings = look(); sendings !== undefined && call.isOpen(); sendings = look())
    for (const send of sendings) await send();
  if (!call.isOpen()) return;
  call.goLive();
  const buffer = createLiveBuffer(node.liveBuffer);
  const stop = node.storage.onShown(() => {
    for (let sendings = look(); sendings !== undefined; sendings = look())
      sendings.forEach((sending) => buffer.add(sending));
  });
  call.onOver(() => {
    stop();
    buffer.close();
  });
  for (let send = await buffer.next(); send !== undefined; send = await buffer.next()) await send();
  if (call.isOpen()) call.fail(consumerTooSlow());
}

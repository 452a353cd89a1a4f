import type { Response } from 'express';
import type { Clock } from '../ports/clock.js';
import type { Position } from '../ports/event-log.js';
import type { EventReader } from '../history/event-feed.js';
import { EVENT_STREAM, firstFrame, placeFrame } from './event-frame.js';
import { whenDrained } from './when-drained.js';

const HEARTBEAT_MS = 15_000;

/** Sets the headers of a stream. Nothing can be asked behind it on its connection. */
export function streamHeaders(response: Response): void {
  response.setHeader('Content-Type', EVENT_STREAM);
  response.setHeader('Connection', 'close');
  // For nginx, which would collect what it passes on.
  response.setHeader('X-Accel-Buffering', 'no');
}

export interface StreamAnswer {
  response: Response;
  clock: Clock;
  signal: AbortSignal;
  /** Where it begins. */
  from: Position;
}

/**
 * Answers with server-sent events until `signal` aborts. What the client does not take is kept from it: at most a piece
 * and what the socket holds. Who takes nothing at all is cut by the limits of its connection.
 * @param feed gives the events to the reader, until the signal of the reader aborts
 */
export async function answerEventStream(
  { response, clock, signal, from }: StreamAnswer,
  feed: (reader: EventReader) => Promise<void>,
): Promise<void> {
  let place = from;
  streamHeaders(response);
  response.write(firstFrame(place));
  void beat();
  await feed({
    signal,
    take(text, position) {
      place = position;
      return text === '' ? !response.writableNeedDrain : response.write(text);
    },
    ready: () => whenDrained({ response, gone: signal }),
  });
  // At the end of the service nobody waits for a client that takes nothing.
  if (response.writableNeedDrain) response.destroy();
  else response.end();

  async function beat(): Promise<void> {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      if (!response.writableNeedDrain) response.write(placeFrame(place));
    }
  }
}

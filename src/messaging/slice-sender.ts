import type { Position, RecordedEvent } from '../ports/event-log.js';
import type { OutgoingMessage, Producer } from '../ports/message-bus.js';
import { StoreError } from '../ports/store-error.js';
import type { RefusedEvents } from './refused-events.js';
import { placeOf } from './resume-point.js';

/** Sends what the topics lack. */
export interface SliceSender {
  send: (messages: readonly OutgoingMessage[]) => Promise<void>;
  /**
   * The messages of a slice at once. What its topics refuse as too large is noted, so that it is sent otherwise next time.
   * @param told the line for an event that was sent with less of it
   */
  sendSlice: (
    slice: readonly RecordedEvent[],
    messages: readonly OutgoingMessage[],
    noting: { refused: RefusedEvents; told: (fields: object) => void },
  ) => Promise<void>;
  /** Whether the partition lacks the message of an event. */
  isMissing: (message: OutgoingMessage, event: RecordedEvent) => boolean;
}

/** @param reached see ResumePoint */
export function createSliceSender(
  producer: Producer,
  { reached, assertMayPublish }: { reached: ReadonlyMap<string, Position>; assertMayPublish: () => void },
): SliceSender {
  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    assertMayPublish();
    await producer.send(messages);
  }

  return {
    send,
    async sendSlice(slice, messages, { refused, told }) {
      try {
        await send(messages);
      } catch (error) {
        if (error instanceof StoreError && error.code === 'message_too_large') refused.refuse(slice);
        throw error;
      }
      for (const event of messages.length > 0 ? slice : []) {
        const { id, type, stream, position } = event;
        const form = refused.formOf(event);
        if (form !== 'whole') told({ position, id, type, stream, form });
      }
      refused.forget(slice);
    },
    isMissing(message, event) {
      const { topic } = message;
      const there = reached.get(placeOf({ topic, partition: producer.partitionOf(message) }));
      return there === undefined || there < event.position;
    },
  };
}

/** A message as kafkajs passes it on to who asked for it, and what it does not know of. */
export interface FetchedMessage {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer>;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
  /** What was cut, with its size and the limit; undefined when the message is whole. */
  tooLarge: string | undefined;
  /** It stands for messages that cannot be read, in their place; its offset is the last of them. */
  unreadable?: Unreadable | undefined;
}

export interface Unreadable {
  firstOffset: string;
  /** As they came. */
  bytes: number;
  reason: string;
}

/** What messages of one batch have in common. */
export type BatchContext = Pick<FetchedMessage, 'isControlRecord' | 'batchContext'>;

/** Stands for messages that are not there, in their place. */
export function placeholder(offset: bigint, context: BatchContext, unreadable?: Unreadable): FetchedMessage {
  const { isControlRecord, batchContext } = context;
  const nothing = { key: null, value: null, headers: {}, tooLarge: undefined };
  return { ...nothing, offset: String(offset), isControlRecord, batchContext, unreadable };
}

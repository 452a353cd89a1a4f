export interface ProposedEvent {
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  stream: string;
  revision: number;
  /** Where its record begins in the log, in bytes; commit and prepare position are the same. */
  position: bigint;
  /** Where its record ends, which is where the next one begins. */
  end: bigint;
  /** 100 ns since 1970. */
  created: bigint;
}

/** An event whose data is JSON, as a system or another program writes it. */
export function jsonProposal(id: string, type: string, data: unknown): ProposedEvent {
  return {
    id,
    type,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify(data)),
    metadata: new Uint8Array(),
  };
}

/** The last event of a stream that is deleted for good. */
export const tombstoneOf = (id: string): ProposedEvent => ({
  id,
  type: '$streamDeleted',
  contentType: 'application/octet-stream',
  data: new Uint8Array(),
  metadata: new Uint8Array(),
});

import type { EventMetadata } from '../../events/metadata.js';

/**
 * EventStoreDB's own names, by which its admin UI and its projection $by_correlation_id follow one request. Ours stay
 * beside them: an older version of this service, which may still run, reads those.
 */
export interface StoredMetadata extends EventMetadata {
  $correlationId: string;
  $causationId?: string;
}

export function toStoredMetadata(metadata: EventMetadata): StoredMetadata {
  const { correlation_id, causation_id } = metadata;
  return {
    ...metadata,
    $correlationId: correlation_id,
    ...(causation_id !== null && { $causationId: causation_id }),
  };
}

/** Without those names, which events from before have not got. */
export function fromStoredMetadata(stored: EventMetadata & Partial<StoredMetadata>): EventMetadata {
  const ours = { ...stored };
  delete ours.$correlationId;
  delete ours.$causationId;
  return ours;
}

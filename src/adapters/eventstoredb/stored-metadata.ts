import type { EventMetadata } from '../../events/metadata.js';
import { LEADER_LEASE_STREAM } from '../../events/stream-names.js';

/**
 * EventStoreDB's own names, by which its admin UI and its projection $by_correlation_id follow one request. Ours stay
 * beside them: an older version of this service, which may still run, reads those.
 */
export interface StoredMetadata extends EventMetadata {
  $correlationId?: string;
  $causationId?: string;
}

/** The renewals of a lease belong to no request: by their holder's name, $by_correlation_id would link each of them. */
export function toStoredMetadata(metadata: EventMetadata, stream: string): StoredMetadata {
  const { correlation_id, causation_id } = metadata;
  if (stream === LEADER_LEASE_STREAM) return metadata;
  return {
    ...metadata,
    $correlationId: correlation_id,
    ...(causation_id !== null && { $causationId: causation_id }),
  };
}

/** Without those names, which events from before have not got. */
export function fromStoredMetadata(stored: StoredMetadata): EventMetadata {
  const ours = { ...stored };
  delete ours.$correlationId;
  delete ours.$causationId;
  return ours;
}

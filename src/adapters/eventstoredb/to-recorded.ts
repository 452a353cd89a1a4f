import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client';
import * as z from 'zod';
import { eventMetadataSchema } from '../../events/metadata.js';
import type { RecordedEvent } from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { toPosition } from './position.js';
import type { Entry } from './recent-events.js';
import { fromStoredMetadata } from './stored-metadata.js';

/** The client's event: it delivers data that is not JSON as text, and such metadata as bytes. */
const schema = z.object({
  id: z.string(),
  streamId: z.string(),
  revision: z.bigint(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  metadata: z.looseObject(eventMetadataSchema.shape),
  created: z.date(),
  // Servers before version 22.6 omit it.
  position: z.object({ commit: z.bigint(), prepare: z.bigint() }),
});

/** @throws StoreError store_damaged when another program has written it into a stream of ours */
export function toRecorded({ event }: ResolvedEvent, server: string): RecordedEvent {
  const parsed = schema.safeParse(event);
  if (!parsed.success) {
    const place = event === undefined ? 'an event' : `${event.streamId}@${event.revision}, ${event.id}`;
    throw new StoreError(
      'store_damaged',
      `${server}: ${place} was not written by this service: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { id, streamId, revision, type, data, metadata, created, position } = parsed.data;
  return {
    id,
    stream: streamId,
    version: Number(revision) + 1,
    type,
    data,
    metadata: fromStoredMetadata(metadata),
    position: toPosition(position),
    recorded_at: created.toISOString(),
  };
}

/**
 * An event of a subscription to $all. One that cannot be read comes with the reason.
 * @throws StoreError store_damaged when the server does not say where it is
 */
export function toEntry(resolved: AllStreamResolvedEvent, server: string): Entry {
  const { streamId: stream, position: at } = resolved.event ?? {};
  if (stream === undefined || at === undefined)
    throw new StoreError('store_damaged', `${server}: an event of $all has come without its place`);
  const position = toPosition(at);
  try {
    return { stream, position, recorded: toRecorded(resolved, server) };
  } catch (error) {
    if (error instanceof StoreError) return { stream, position, damage: error };
    throw error;
  }
}

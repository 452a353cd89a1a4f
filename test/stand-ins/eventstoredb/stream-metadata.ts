import { type ProposedEvent, type StoredEvent, jsonProposal } from './stored-event.js';

export interface StreamMetadata {
  maxCount?: number;
  truncateBefore?: number;
}

/** `$tb` of a stream that was deleted and may come back; as a JSON number it is not exact. */
export const DELETED = Number(2n ** 63n - 1n);

export const isMetadataStream = (stream: string): boolean => stream.startsWith('$$');
export const metadataStreamOf = (stream: string): string => `$$${stream}`;
/** The stream itself, or the one whose metadata it holds. */
export const writtenStreamOf = (stream: string): string =>
  isMetadataStream(stream) ? stream.slice(2) : stream;

/** What a soft delete writes to the metadata; as text, since no double holds the number that says: deleted. */
export const deletion = (id: string): ProposedEvent => ({
  ...jsonProposal(id, '$metadata', {}),
  data: Buffer.from('{"$tb":9223372036854775807}'),
});

/** Of the last `$metadata` event; a metadata stream itself keeps one event. */
export function streamMetadata(stream: string, lastMetadataEvent: StoredEvent | undefined): StreamMetadata {
  if (isMetadataStream(stream)) return { maxCount: 1 };
  if (lastMetadataEvent === undefined) return {};
  const parsed: unknown = JSON.parse(Buffer.from(lastMetadataEvent.data).toString());
  const { $maxCount, $tb } = parsed as { $maxCount?: number; $tb?: number };
  return {
    ...($maxCount === undefined ? {} : { maxCount: $maxCount }),
    ...($tb === undefined ? {} : { truncateBefore: $tb }),
  };
}

/** The first revision that a read shows. */
export const firstShown = ({ maxCount, truncateBefore = 0 }: StreamMetadata, last: number): number =>
  Math.max(truncateBefore, maxCount === undefined ? 0 : last - maxCount + 1);

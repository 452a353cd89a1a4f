import type { Schemas } from '../api/client.js';
import { shownText } from './shown-text.js';

interface RecordTraitsProps {
  of: Pick<Schemas['CertificationInList'], 'type' | 'labels' | 'unreadable'>;
  hrefWith: (filter: { type: string } | { label: string }) => string;
}

/** Type and labels of a record: each leads to the records that have it, too. Of one that cannot be read they are text. */
export function RecordTraits({ of: { type, labels, unreadable }, hrefWith }: RecordTraitsProps) {
  if (unreadable !== null || !Array.isArray(labels))
    return <div class="quiet any-text">{[type, labels].flat().filter(Boolean).join(', ')}</div>;
  if (type === null && labels.length === 0) return null;
  return (
    <div class="traits">
      {type !== null && (
        <a class="badge busy" href={hrefWith({ type })} title="type">
          <bdi>{shownText(type)}</bdi>
        </a>
      )}
      {labels.map((label) => (
        <a key={label} class="badge" href={hrefWith({ label })} title="label">
          <bdi>{shownText(label)}</bdi>
        </a>
      ))}
    </div>
  );
}

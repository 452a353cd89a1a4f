import { randomUUID } from 'node:crypto';
import type { Storage } from './storage.js';
import type { ProposedEvent, StoredEvent } from './stored-event.js';

/** Streams of the server itself, of its projections, and of metadata. */
const isSystemStream = (stream: string): boolean => stream.startsWith('$');

/**
 * What the projections do that every server has and `RunProjections=All` starts: they link each event by its category,
 * type and correlation, and each stream by its first event. The links come some time after the event, as appends of
 * their own, and are in `$all` like everything else. On a server there are several projections, so that the links to one
 * event have no fixed order.
 */
export function runSystemProjections(storage: Storage): void {
  let [looked, comes] = [0, false];

  function link(): void {
    comes = false;
    for (let event = storage.shown()[looked]; event !== undefined; event = storage.shown()[looked]) {
      looked++;
      for (const stream of linkStreamsOf(event)) storage.write(stream, [linkTo(event)]);
    }
  }

  function linkSoon(): void {
    if (comes) return;
    comes = true;
    setImmediate(link);
  }
  storage.onShown(linkSoon);
  linkSoon();
}

function linkStreamsOf(event: StoredEvent): string[] {
  const { stream, type, revision } = event;
  if (isSystemStream(stream)) return [];
  const categoryEnd = stream.indexOf('-');
  const correlation = correlationOf(event);
  return [
    ...(categoryEnd > 0 ? [`$ce-${stream.slice(0, categoryEnd)}`] : []),
    `$et-${type}`,
    ...(correlation === undefined ? [] : [`$bc-${correlation}`]),
    ...(revision === 0 ? ['$streams'] : []),
  ];
}

function correlationOf({ metadata }: StoredEvent): string | undefined {
  if (metadata.length === 0) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(metadata).toString());
    const { $correlationId } = Object(parsed) as { $correlationId?: unknown };
    return typeof $correlationId === 'string' ? $correlationId : undefined;
  } catch {
    return undefined;
  }
}

const linkTo = ({ id, stream, revision }: StoredEvent): ProposedEvent => ({
  id: randomUUID(),
  type: '$>',
  contentType: 'application/octet-stream',
  data: Buffer.from(`${revision}@${stream}`),
  metadata: Buffer.from(JSON.stringify({ $causedBy: id })),
});

import {
  BACKWARDS,
  FORWARDS,
  type END,
  type EventStoreDBClient,
  type Position,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { type Group, groupOf } from './operation.js';

/** An event of a stream that the comparison has made, or of its metadata. */
export interface Ours {
  group: Group;
  text: string;
}

const PAGE = 200;

/** Backwards the event at `from` is not among them; the one at `to` always is. */
export interface Window {
  backwards: boolean;
  from: Position | typeof END;
  to: Position;
}

/** All events of `$all` from one position to another, whoever wrote them. */
export async function readWindow(
  client: EventStoreDBClient,
  { backwards, from, to }: Window,
): Promise<ResolvedEvent[]> {
  const found: ResolvedEvent[] = [];
  for (let at = from; ;) {
    const page = await collect(
      client.readAll({
        direction: backwards ? BACKWARDS : FORWARDS,
        fromPosition: at,
        maxCount: PAGE,
        requiresLeader: true,
      }),
    );
    const last = page.at(-1)?.event?.position;
    // Forwards a page begins with the last event of the one before it.
    found.push(...(backwards || at === from ? page : page.slice(1)));
    const isPast = (commit: bigint): boolean => (backwards ? commit < to.commit : commit > to.commit);
    if (last === undefined || page.length < PAGE || isPast(last.commit))
      return found.filter(({ event }) => event?.position !== undefined && !isPast(event.position.commit));
    at = last;
  }
}

export async function collect(read: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  for await (const event of read) events.push(event);
  return events;
}

/** Without positions and times; and without the ids of system events, which client and server draw. */
export function oursOf(events: readonly ResolvedEvent[], mark: string): Ours[] {
  return events.flatMap(({ event }) => {
    if (event === undefined) return [];
    const [, meta = '', stream] = /^(\$\$)?(.*)$/su.exec(event.streamId) ?? [];
    if (stream?.startsWith(mark) !== true) return [];
    const name = stream.slice(mark.length);
    const id = event.type.startsWith('$') ? '' : `${event.id.slice(0, 8)} `;
    const data = JSON.stringify(event.data, Object.keys(Object(event.data) as object).sort());
    const text = `${meta}${name}@${event.revision} ${id}${event.type} ${data}`;
    return [{ group: groupOf(name), text }];
  });
}

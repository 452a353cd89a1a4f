import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  START,
  jsonEvent,
  type DeleteStreamOptions,
  type Position,
} from '@eventstore/db-client';
import { bounded } from '../../../servers/bounded.js';
import { type Answer, failure, success } from './answer.js';
import { type Operation, type Read, placeText, textOf } from './operation.js';
import { type Ours, collect, oursOf, readWindow } from './read-window.js';

const DEADLINE_MS = 5_000;
const NO_ANSWER_MS = 20_000;
const EVENT_TYPE = 'Compared';
/** When an append was answered without one, so that nothing can be read from there. */
const WITHOUT_POSITION: Answer = { kind: 'error', said: 'no position is known', events: [] };
const LEADER = { requiresLeader: true, deadline: DEADLINE_MS };

/** One of the two servers that get the same operations. */
export interface ComparedServer {
  /** Rejects when the server does not answer at all. */
  perform(operation: Operation): Promise<Answer>;
  close(): Promise<void>;
}

/** @param mark what the names of all streams begin with: others may use the server, too */
export function openComparedServer(url: string, mark: string): ComparedServer {
  const client = EventStoreDBClient.connectionString(url);
  // Classic appends, as this service sends them.
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
  /** Where each server has put our events, to read `$all` from there. */
  const positions = new Map<string, Position>();

  async function ask(operation: Operation): Promise<Answer> {
    switch (operation.kind) {
      case 'append': {
        const { stream, expected, events } = operation;
        const proposed = events.map(({ id, said }) => jsonEvent({ id, type: EVENT_TYPE, data: { said } }));
        const options = { ...LEADER, expectedRevision: expected };
        const { position, nextExpectedRevision: next } = await client.appendToStream(
          mark + stream,
          proposed,
          options,
        );
        if (position !== undefined) positions.set(placeText({ stream, revision: next }), position);
        return { ...success(`next ${next}`), next };
      }
      case 'read':
        return shown(await readStream(client, mark, operation));
      case 'read_all': {
        const { group, backwards, from, to } = operation;
        const start = from === 'end' ? from : positions.get(placeText(from));
        const end = positions.get(placeText(to));
        if (start === undefined || end === undefined) return WITHOUT_POSITION;
        const ours = oursOf(await readWindow(client, { backwards, from: start, to: end }), mark);
        return shown(ours.filter((event) => event.group === group));
      }
      case 'set_metadata': {
        const { stream, metadata } = operation;
        const { nextExpectedRevision } = await client.setStreamMetadata(mark + stream, metadata, LEADER);
        return success(`next ${nextExpectedRevision}`);
      }
      case 'delete':
      case 'tombstone': {
        const { kind, stream, expected } = operation;
        const options: DeleteStreamOptions = { ...LEADER, expectedRevision: expected };
        if (kind === 'delete') await client.deleteStream(mark + stream, options);
        else await client.tombstoneStream(mark + stream, options);
        return success('done');
      }
    }
  }

  return {
    perform: (operation) => bounded(textOf(operation), NO_ANSWER_MS, ask(operation).catch(failure)),
    close: () => client.dispose(),
  };
}

async function readStream(client: EventStoreDBClient, mark: string, read: Read): Promise<Ours[]> {
  const { stream, backwards, from, limit } = read;
  const events = await collect(
    client.readStream(mark + stream, {
      direction: backwards ? BACKWARDS : FORWARDS,
      fromRevision: from === 'start' ? START : from === 'end' ? END : from,
      maxCount: limit,
      requiresLeader: true,
    }),
  );
  return oursOf(events, mark);
}

const shown = (events: readonly Ours[]): Answer =>
  success(
    `${events.length} events`,
    events.map(({ text }) => text),
  );

import { describe, expect, it } from '@jest/globals';
import { NO_STREAM, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { createStorage } from './storage.js';
import { event, events, standInSession } from './stand-in-session.js';
import { jsonProposal } from './stored-event.js';
import { runSystemProjections } from './system-projections.js';

const session = standInSession({ systemProjections: true, systemEvents: false });

/** A link as stream -> what it links to; another event as stream@revision. */
const shown = ({ event: found }: ResolvedEvent): string =>
  found?.type === '$>'
    ? `${found.streamId} -> ${Buffer.from(found.data as Uint8Array).toString()}`
    : `${String(found?.streamId)}@${String(found?.revision)}`;

const linked = (count: number): Promise<unknown> =>
  eventually(`${count} events are there`, () => session.store.storage.shown().length === count);

describe('system projections', () => {
  it('link each event by category and type, and each stream once', async () => {
    await session.append(events(2), NO_STREAM, { stream: 'job-1-x' });
    await linked(7);
    expect((await session.readAll()).map(shown)).toEqual([
      'job-1-x@0',
      'job-1-x@1',
      '$ce-job -> 0@job-1-x',
      '$et-said -> 0@job-1-x',
      '$streams -> 0@job-1-x',
      '$ce-job -> 1@job-1-x',
      '$et-said -> 1@job-1-x',
    ]);
  });

  it('link by correlation where metadata name one, and not by category without a dash', async () => {
    const metadata = { $correlationId: 'request-7' };
    await session.append(jsonEvent({ type: 'said', data: {}, metadata }), NO_STREAM, { stream: 'plain' });
    await linked(4);
    expect((await session.readAll()).map(shown)).toEqual([
      'plain@0',
      '$et-said -> 0@plain',
      '$bc-request-7 -> 0@plain',
      '$streams -> 0@plain',
    ]);
  });

  it('write links as bytes that are no JSON', async () => {
    await session.append(event(), NO_STREAM);
    await linked(3);
    const link = (await session.readAll()).at(-1)?.event;
    expect(link).toMatchObject({ streamId: '$streams', type: '$>', isJson: false });
  });

  it('link no event of the system, and no link', async () => {
    session.store.appendForeign('$stats-127.0.0.1:2113', 3);
    await session.append(event(), NO_STREAM);
    await linked(6);
    await session.append(event(), 0n);
    await linked(8);
  });

  it('come later than the append', async () => {
    const storage = createStorage();
    runSystemProjections(storage);
    storage.write('a', [jsonProposal('1', 'said', {})]);
    expect(storage.shown()).toHaveLength(1);
    await eventually('the links are there', () => storage.shown().length === 3);
  });

  it('are off when nobody asks for them', async () => {
    session.store = await session.start({ systemEvents: false });
    await session.append(event(), NO_STREAM);
    await session.append(event(), 0n);
    expect(session.store.storage.shown()).toHaveLength(2);
  });
});

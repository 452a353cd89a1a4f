import { describe, expect, it } from '@jest/globals';
import { END, NO_STREAM, START } from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { event, events, exactly, positionOf, standInSession } from './stand-in-session.js';
import { said, subscribe, type Filtered } from './subscribe-told.js';

const session = standInSession({ systemEvents: false });

describe('subscription to $all', () => {
  it('tells everything after a position, that it caught up, then what others append', async () => {
    await session.append(events(3), NO_STREAM);
    const [first] = await session.read();
    const told = subscribe(session.connect(), positionOf(first));
    await said(told, 'caught up');
    await session.append(event(), NO_STREAM, { stream: 'b' });
    await said(told, 'b@0');
    expect(told.said).toEqual(['confirmed', 'a@1', 'a@2', 'caught up', 'b@0']);
  });

  it('begins at the end when told so, and at once when there is nothing', async () => {
    const empty = subscribe(session.connect(), START);
    await said(empty, 'caught up');
    await session.append(event(), NO_STREAM);
    const told = subscribe(session.connect(), END);
    await said(told, 'caught up');
    await session.append(event(), 0n);
    await said(told, 'a@1');
    expect(told.said).toEqual(['confirmed', 'caught up', 'a@1']);
    await said(empty, 'a@1');
    expect(empty.said).toEqual(['confirmed', 'caught up', 'a@0', 'a@1']);
  });

  it.each<[string, Filtered & { byType?: boolean }]>([
    ['prefixes of streams', { prefixes: ['job-', 'run-'] }],
    ['an expression for streams', { regex: '^(job|run)-' }],
    ['prefixes of types', { prefixes: ['sai'], byType: true }],
    ['an expression for types', { regex: '^said$', byType: true }],
  ])('filters by %s', async (_, filter) => {
    await session.append(event(), NO_STREAM, { stream: 'job-1' });
    session.store.appendForeign('$stats-x', 1);
    await session.append(event(), NO_STREAM, { stream: 'run-1' });
    session.store.appendForeign('job', 1);
    const told = subscribe(session.connect(), START, filter);
    await said(told, 'caught up');
    expect(told.said.filter((each) => each.includes('@'))).toEqual(['job-1@0', 'run-1@0']);
  });

  it('gives a checkpoint for each interval of events looked at, which is where the page began', async () => {
    session.store.appendForeign('other', 25);
    const ends = session.store.storage.shown().map(({ end }) => end);
    const told = subscribe(session.connect(), START, {
      prefixes: ['a'],
      maxSearchWindow: 5,
      checkpointInterval: 2,
    });
    await said(told, 'caught up');
    expect(told.said).toEqual(['confirmed', 'checkpoint', 'checkpoint', 'checkpoint', 'caught up']);
    // After 10 and 20 events, and at the end: the ends of the records before the page, with prepare 0.
    expect(told.checkpoints).toEqual([4, 14, 24].map((nth) => ({ commit: ends[nth], prepare: 0n })));
  });

  it('looks at 32 events from checkpoint to checkpoint when not told', async () => {
    session.store.appendForeign('other', 100);
    const told = subscribe(session.connect(), START, { prefixes: ['a'] });
    await said(told, 'caught up');
    const ends = session.store.storage.shown().map(({ end }) => end);
    expect(told.checkpoints).toEqual([
      { commit: 0n, prepare: 0n },
      { commit: ends[31], prepare: 0n },
      { commit: ends[63], prepare: 0n },
      { commit: ends[95], prepare: 0n },
    ]);
  });

  it('loses nothing after any checkpoint, and repeats nothing after an event', async () => {
    for (let nth = 0; nth < 12; nth++) {
      session.store.appendForeign('other', 3);
      await session.append(event(), nth === 0 ? NO_STREAM : BigInt(nth - 1));
    }
    const filter = { prefixes: ['a'], maxSearchWindow: 2 };
    const told = subscribe(session.connect(), START, filter);
    await said(told, 'caught up');
    const mine = session.store.storage.shown().filter(({ stream }) => stream === 'a');
    for (const checkpoint of told.checkpoints) {
      const again = subscribe(session.connect(), checkpoint, filter);
      await said(again, 'caught up');
      const rest = mine.filter(
        ({ position }) =>
          position > checkpoint.commit || (checkpoint.prepare < position && position === checkpoint.commit),
      );
      expect(again.said.filter((each) => each.includes('@'))).toEqual(
        rest.map(({ revision }) => `a@${revision}`),
      );
    }
  });

  it('gives checkpoints while live, at events that do not match too', async () => {
    const told = subscribe(session.connect(), START, { prefixes: ['a'], maxSearchWindow: 3 });
    await said(told, 'caught up');
    session.store.appendForeign('other', 7);
    await eventually('two checkpoints', () => told.checkpoints.length === 2);
    await session.append(events(2), NO_STREAM);
    await said(told, 'a@1');
    await eventually('three checkpoints', () => told.checkpoints.length === 3);
    const positions = session.store.storage.shown().map(({ position }) => position);
    expect(told.checkpoints).toEqual([2, 5, 8].map((nth) => exactly(positions[nth] ?? 0n)));
    expect(told.said.slice(-3)).toEqual(['a@0', 'a@1', 'checkpoint']);
  });

  it('refuses a position within a record, but waits silently at one behind the end', async () => {
    await session.append(events(2), NO_STREAM);
    const [first, last] = session.store.storage.shown();
    const refused = subscribe(session.connect(), exactly((first?.position ?? 0n) + 1n), { prefixes: ['a'] });
    await eventually('an error', () => refused.errors.length > 0);
    expect(refused.errors).toMatchObject([{ code: 3, type: 'unknown' }]);
    expect(refused.said).toEqual(['confirmed']);
    const beyond = subscribe(session.connect(), exactly((last?.end ?? 0n) + 50n), { prefixes: ['a'] });
    await said(beyond, 'caught up');
    await session.append(events(2), 1n);
    await said(beyond, 'a@3');
    // The event between the end and that position is never told.
    expect(beyond.said).toEqual(['confirmed', 'caught up', 'a@3']);
  });

  it('is over for the server when the client leaves', async () => {
    const client = session.connect();
    const told = subscribe(client, START);
    await said(told, 'caught up');
    expect(session.store.openSubscriptions()).toBe(1);
    await told.subscription.unsubscribe();
    await eventually('no subscription is open', () => session.store.openSubscriptions() === 0);
    subscribe(client, START);
    await eventually('one is open', () => session.store.openSubscriptions() === 1);
    await client.dispose();
    await eventually('none is open', () => session.store.openSubscriptions() === 0);
    expect([
      session.store.callsOf('subscribe'),
      session.store.callsOf('read'),
      session.store.openCalls(),
    ]).toEqual([2, 0, 0]);
  });
});

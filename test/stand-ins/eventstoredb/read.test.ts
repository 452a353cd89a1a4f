import { describe, expect, it } from '@jest/globals';
import { END, NO_STREAM, START, type ReadStreamOptions } from '@eventstore/db-client';
import {
  CLASSIC,
  event,
  events,
  exactly,
  positionOf,
  revisions,
  standInSession,
} from './stand-in-session.js';

const session = standInSession();

describe('reading a stream', () => {
  it.each<[string, ReadStreamOptions, bigint[]]>([
    ['all', {}, [0n, 1n, 2n, 3n, 4n]],
    ['some', { maxCount: 2 }, [0n, 1n]],
    ['from a revision', { fromRevision: 3n }, [3n, 4n]],
    ['from one past the last', { fromRevision: 5n }, []],
    ['from far behind the end', { fromRevision: 9n }, []],
    ['backwards from the end', { direction: 'backwards', fromRevision: END, maxCount: 2 }, [4n, 3n]],
    ['backwards from a revision', { direction: 'backwards', fromRevision: 1n }, [1n, 0n]],
    ['backwards from behind the end', { direction: 'backwards', fromRevision: 9n, maxCount: 1 }, [4n]],
    ['backwards from the start', { direction: 'backwards', fromRevision: START }, [0n]],
  ])('%s', async (_, options, expected) => {
    await session.append(events(5), NO_STREAM);
    expect(revisions(await session.read(options))).toEqual(expected);
  });

  it('refuses to guess what comes forwards from the end', async () => {
    await session.append(events(5), NO_STREAM);
    await expect(session.read({ fromRevision: END })).rejects.toMatchObject({
      code: 12,
      message: expect.stringContaining('does not know'),
    });
  });

  it('gives an event as it was appended', async () => {
    const before = Date.now();
    const written = event('häß');
    await session.append(written, NO_STREAM);
    const [found] = await session.read();
    expect(found?.event).toMatchObject({
      streamId: 'a',
      id: written.id,
      type: 'said',
      isJson: true,
      data: { said: 'häß' },
      metadata: { by: 'test' },
    });
    expect(found?.event?.created.getTime()).toBeGreaterThanOrEqual(before);
    expect(found?.commitPosition).toBe(positionOf(found).commit);
  });

  it('does not know a stream without events', async () => {
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-not-found', streamName: 'a' });
  });

  it('hides what $maxCount leaves, but not in $all, and goes on counting', async () => {
    await session.append(events(5), NO_STREAM);
    await session.connect().setStreamMetadata('a', { maxCount: 2 }, CLASSIC);
    expect(revisions(await session.read())).toEqual([3n, 4n]);
    expect(revisions(await session.read({ fromRevision: 0n, maxCount: 1 }))).toEqual([3n]);
    expect(revisions(await session.read({ direction: 'backwards', fromRevision: END }))).toEqual([4n, 3n]);
    expect(await session.append(event(), 4n)).toMatchObject({ nextExpectedRevision: 5n });
    expect(revisions(await session.read())).toEqual([4n, 5n]);
    const all = await session.readAll();
    expect(all.filter((each) => each.event?.streamId === 'a')).toHaveLength(6);
    expect(await session.connect().getStreamMetadata('a')).toMatchObject({ metadata: { maxCount: 2 } });
  });
});

describe('reading $all', () => {
  it('holds the events of the system and of others, in one order', async () => {
    await session.append(events(1), NO_STREAM);
    session.store.appendForeign('$stats-127.0.0.1:2113', 2);
    await session.append(events(1), NO_STREAM, { stream: 'b' });
    const found = await session.readAll();
    expect(found.slice(-4).map((each) => each.event?.streamId)).toEqual([
      'a',
      '$stats-127.0.0.1:2113',
      '$stats-127.0.0.1:2113',
      'b',
    ]);
    expect(found.length).toBeGreaterThan(4);
    const commits = found.map((each) => positionOf(each).commit);
    expect([...commits].sort((a, b) => Number(a - b))).toEqual(commits);
  });

  it('reads from a position: forwards with the event there, backwards without', async () => {
    await session.append(events(3), NO_STREAM);
    const [, second] = await session.read();
    const from = { fromPosition: positionOf(second) };
    expect(revisions(await session.readAll({ ...from, maxCount: 1 }))).toEqual([1n]);
    expect(revisions(await session.readAll({ ...from, direction: 'backwards', maxCount: 1 }))).toEqual([0n]);
    const last = await session.readAll({ direction: 'backwards', fromPosition: END, maxCount: 1 });
    expect(revisions(last)).toEqual([2n]);
  });

  it('refuses a position within a record, and finds nothing behind the end', async () => {
    await session.append(events(2), NO_STREAM);
    const [first, last] = (await session.read()).map((each) => positionOf(each).commit) as [bigint, bigint];
    const refused = { type: 'unknown', code: 2 };
    await expect(session.readAll({ fromPosition: exactly(first + 1n) })).rejects.toMatchObject(refused);
    const beyond = { fromPosition: exactly(last + 100_000n) };
    expect(await session.readAll(beyond)).toEqual([]);
    await expect(session.readAll({ ...beyond, direction: 'backwards' })).rejects.toMatchObject(refused);
  });

  it('has positions that no double holds, when told so', async () => {
    session.store = await session.start({ firstPosition: 2n ** 60n, systemEvents: false });
    const { position } = await session.append(event(), NO_STREAM);
    expect(position?.commit).toBe(2n ** 60n + 100n);
    expect(revisions(await session.readAll({ fromPosition: position ?? exactly(-1n) }))).toEqual([0n]);
  });
});

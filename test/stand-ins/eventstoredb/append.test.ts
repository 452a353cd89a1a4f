import { describe, expect, it } from '@jest/globals';
import { NO_STREAM, type AppendExpectedRevision, type JSONEventData } from '@eventstore/db-client';
import { CLASSIC, event, events, positionOf, revisions, standInSession } from './stand-in-session.js';

const session = standInSession();
const UNKNOWN = { code: 12, message: expect.stringContaining('does not know') };

describe('append', () => {
  it('answers with the revision and position of the last event', async () => {
    const answer = await session.append(events(3), NO_STREAM);
    const found = await session.read();
    expect(answer).toEqual({ success: true, nextExpectedRevision: 2n, position: positionOf(found[2]) });
    expect(revisions(found)).toEqual([0n, 1n, 2n]);
    const positions = found.map((each) => positionOf(each));
    expect(positions.every(({ commit, prepare }) => commit === prepare)).toBe(true);
    expect(Number(positions[1]?.commit) - Number(positions[0]?.commit)).toBeGreaterThan(1);
  });

  it('does not look at ids at the current revision', async () => {
    const same = event();
    await session.append(same, NO_STREAM);
    expect(await session.append(same, 0n)).toMatchObject({ nextExpectedRevision: 1n });
    expect(await session.read()).toHaveLength(2);
  });

  it('answers a repeat with the original revision and position, and compares no bodies', async () => {
    const same = [event('first'), event('second')];
    await session.append(event(), NO_STREAM);
    const original = await session.append(same, 0n);
    await session.append(events(2), 2n);
    const changed = same.map(({ id }) => event('something else', id));
    expect(await session.append(changed, 0n)).toEqual(original);
    const found = await session.read();
    expect(found.map((each) => each.event?.data)).toEqual(
      ['something', 'first', 'second', '0', '1'].map((said) => ({ said })),
    );
  });

  it('answers a repeat that $maxCount hides without a position', async () => {
    const same = event();
    await session.append(same, NO_STREAM);
    await session.append(events(2), 0n);
    await session.connect().setStreamMetadata('a', { maxCount: 1 }, CLASSIC);
    expect(await session.append(same, NO_STREAM)).toEqual({
      success: true,
      nextExpectedRevision: 0n,
      position: undefined,
    });
  });

  it.each<[string, (a: JSONEventData, b: JSONEventData) => [JSONEventData[], AppendExpectedRevision]]>([
    ['other ids', () => [[event()], NO_STREAM]],
    ['only a matching beginning', (a) => [[a, event()], NO_STREAM]],
    ['one more than is there', (a, b) => [[a, b, event()], NO_STREAM]],
    ['an earlier revision', () => [[event()], 0n]],
    ['a later revision', () => [[event()], 7n]],
  ])('answers %s with the wrong expected version', async (_, make) => {
    const [a, b] = [event(), event()];
    await session.append([a, b], NO_STREAM);
    const [proposed, expected] = make(a, b);
    await expect(session.append(proposed, expected)).rejects.toMatchObject({
      type: 'wrong-expected-version',
      streamName: 'a',
      expectedVersion: expected,
      actualVersion: 1n,
    });
    expect(await session.read()).toHaveLength(2);
  });

  it('says that there is no stream', async () => {
    await expect(session.append(event(), 0n)).rejects.toMatchObject({
      expectedVersion: 0n,
      actualVersion: 'no_stream',
    });
    await expect(session.append(event(), 'stream_exists')).rejects.toMatchObject({
      expectedVersion: 'stream_exists',
      actualVersion: 'no_stream',
    });
  });

  it.each(['any', 'stream_exists'] as const)(
    'takes new ids when it expects %s, and refuses to guess about ids that it has seen',
    async (expected) => {
      const same = event();
      await session.append(same, NO_STREAM);
      await session.append(event(), NO_STREAM, { stream: 'b' });
      expect(await session.append(event(), expected)).toMatchObject({ nextExpectedRevision: 1n });
      for (const stream of ['a', 'b'])
        await expect(session.append([event(), same], expected, { stream })).rejects.toMatchObject(UNKNOWN);
      expect(await session.read()).toHaveLength(2);
    },
  );

  it('refuses more than a mebibyte', async () => {
    await expect(session.append(event('x'.repeat(1024 * 1024)), NO_STREAM)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1_048_576,
    });
  });

  it('offers batches, so that a client without credentials sends them, and refuses and counts them', async () => {
    const client = session.connect();
    const batch = client.appendToStream('a', event(), { expectedRevision: NO_STREAM });
    await expect(batch).rejects.toMatchObject(UNKNOWN);
    expect([session.store.callsOf('batch_append'), session.store.callsOf('append')]).toEqual([1, 0]);
    expect(session.store.callsOf('server_features')).toBe(1);
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-not-found' });
  });
});

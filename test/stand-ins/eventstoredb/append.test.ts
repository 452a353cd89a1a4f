import { describe, expect, it } from '@jest/globals';
import { NO_STREAM, type AppendExpectedRevision, type JSONEventData } from '@eventstore/db-client';
import { CLASSIC, event, events, positionOf, revisions, standInSession } from './stand-in-session.js';

const session = standInSession();

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

  it('recognises ids without a revision as far as it remembers them', async () => {
    const same = event();
    const original = await session.append(same, 'any');
    expect(await session.append(same, 'any')).toEqual(original);
    await session.append(same, NO_STREAM, { stream: 'b' });
    expect(await session.append(same, 'any')).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('takes up the count of a deleted stream, and never that of a tombstoned one', async () => {
    const client = session.connect();
    await session.append(events(2), NO_STREAM);
    await client.deleteStream('a', CLASSIC);
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-not-found' });
    expect(await session.append(event(), NO_STREAM)).toMatchObject({ nextExpectedRevision: 2n });
    expect(revisions(await session.read())).toEqual([2n]);
    await client.tombstoneStream('a', CLASSIC);
    await expect(session.append(event(), 'any')).rejects.toMatchObject({
      type: 'stream-deleted',
      streamName: 'a',
    });
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-deleted' });
  });

  it('refuses more than a mebibyte', async () => {
    await expect(session.append(event('x'.repeat(1024 * 1024)), NO_STREAM)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: 1_048_576,
    });
  });

  it('takes batches from a client that gives no credentials', async () => {
    const client = session.connect();
    const same = event();
    const original = await client.appendToStream('a', same, { expectedRevision: NO_STREAM });
    expect(await client.appendToStream('a', same, { expectedRevision: NO_STREAM })).toEqual(original);
    await expect(client.appendToStream('a', event(), { expectedRevision: 5n })).rejects.toMatchObject({
      type: 'wrong-expected-version',
      actualVersion: 0n,
    });
    expect([session.store.callsOf('batch_append'), session.store.callsOf('append')]).toEqual([1, 0]);
    expect(session.store.callsOf('server_features')).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ANY, NO_STREAM, type ExpectedRevision } from '@eventstore/db-client';
import { CLASSIC, event, events, revisions, standInSession } from './stand-in-session.js';

const session = standInSession();

/** All there is of stream `a` and its metadata, in the order of the log. */
async function logOfA(): Promise<string[]> {
  const all = await session.readAll();
  return all
    .map((each) => `${String(each.event?.streamId)}@${String(each.event?.revision)}`)
    .filter((place) => /^(\$\$)?a@/u.test(place));
}

describe('delete', () => {
  it('hides the events of a stream, which goes on counting', async () => {
    await session.append(events(2), NO_STREAM);
    await session.connect().deleteStream('a', CLASSIC);
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-not-found' });
    expect(await session.append(event(), NO_STREAM)).toMatchObject({ nextExpectedRevision: 2n });
    expect(revisions(await session.read())).toEqual([2n]);
  });

  it('writes metadata that keeps the old events hidden after the append that brings the stream back', async () => {
    await session.append(events(2), NO_STREAM);
    await session.connect().deleteStream('a', CLASSIC);
    await session.append(events(2), 1n);
    expect(await logOfA()).toEqual(['a@0', 'a@1', '$$a@0', 'a@2', 'a@3', '$$a@1']);
    expect(await session.connect().getStreamMetadata('a')).toMatchObject({ metadata: { truncateBefore: 2 } });
  });

  it('brings a stream back by its metadata, too, and keeps what they say', async () => {
    const client = session.connect();
    await session.append(events(2), NO_STREAM);
    await client.deleteStream('a', CLASSIC);
    await client.setStreamMetadata('a', { maxCount: 3 }, CLASSIC);
    expect(await logOfA()).toEqual(['a@0', 'a@1', '$$a@0', '$$a@1', '$$a@2']);
    expect(await client.getStreamMetadata('a')).toMatchObject({
      metadata: { maxCount: 3, truncateBefore: 2 },
    });
    expect(await session.read()).toEqual([]);
    await session.append(events(2), 1n);
    expect(revisions(await session.read())).toEqual([2n, 3n]);
  });

  it.each<[ExpectedRevision, bigint]>([
    [ANY, -2n],
    [NO_STREAM, -1n],
    [0n, 0n],
  ])('refuses a stream that was never created when %s is expected', async (expectedRevision, expected) => {
    const deleting = session.connect().deleteStream('a', { ...CLASSIC, expectedRevision });
    await expect(deleting).rejects.toMatchObject({
      type: 'wrong-expected-version',
      expectedVersion: expected,
      actualVersion: -1n,
    });
    expect(await logOfA()).toEqual([]);
  });

  it('takes a stream that has only metadata', async () => {
    const client = session.connect();
    await client.setStreamMetadata('a', { maxCount: 3 }, CLASSIC);
    await client.deleteStream('a', CLASSIC);
    expect(await logOfA()).toEqual(['$$a@0', '$$a@1']);
  });

  it.each([0n, 7n, NO_STREAM] as const)(
    'refuses another revision than the last one: %s',
    async (expected) => {
      await session.append(events(2), NO_STREAM);
      const deleting = session.connect().deleteStream('a', { ...CLASSIC, expectedRevision: expected });
      await expect(deleting).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
      expect(await session.read()).toHaveLength(2);
    },
  );

  it('never takes an append to a tombstoned stream again', async () => {
    const client = session.connect();
    await session.append(event(), NO_STREAM);
    await client.tombstoneStream('a', CLASSIC);
    const deleted = { type: 'stream-deleted', streamName: 'a' };
    await expect(session.append(event(), 'any')).rejects.toMatchObject(deleted);
    await expect(session.read()).rejects.toMatchObject({ type: 'stream-deleted' });
    await expect(client.deleteStream('a', CLASSIC)).rejects.toMatchObject(deleted);
    expect(await logOfA()).toEqual(['a@0', `a@${2n ** 63n - 1n}`]);
  });
});

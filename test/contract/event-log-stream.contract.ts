import { describe, expect, it } from '@jest/globals';
import { FIRST_HEAD, headAfter } from '../../src/ledger/log-head.js';
import { START, type EventLog, type ReadOptions } from '../../src/ports/event-log.js';
import { follow } from '../support/follow.js';
import {
  append,
  appended,
  expectLogOrder,
  sampleEvent,
  sampleEvents,
  wholeStream,
} from '../support/sample-events.js';

export function streamContract(log: () => EventLog): void {
  it.each<[string, ReadOptions, number[]]>([
    ['forwards from the first', { direction: 'forwards', limit: 3 }, [1, 2, 3]],
    ['forwards from a version, inclusive', { direction: 'forwards', from: 4, limit: 2 }, [4, 5]],
    ['forwards to the last', { direction: 'forwards', from: 5, limit: 100 }, [5, 6]],
    ['forwards from behind the last', { direction: 'forwards', from: 7, limit: 100 }, []],
    ['backwards from the last', { direction: 'backwards', limit: 2 }, [6, 5]],
    ['backwards from a version, inclusive', { direction: 'backwards', from: 4, limit: 2 }, [4, 3]],
    ['backwards to the first', { direction: 'backwards', from: 2, limit: 100 }, [2, 1]],
    ['backwards from behind the last', { direction: 'backwards', from: 99, limit: 1 }, [6]],
  ])('reads a stream %s', async (_, options, versions) => {
    await appended(log(), 'cronJob-a', 0, 3);
    await appended(log(), 'cronJob-b', 0, 4);
    await appended(log(), 'cronJob-a', 3, 3);
    const events = await log().readStream('cronJob-a', options);
    expect(events.map(({ version }) => version)).toEqual(versions);
    expect(events.every(({ stream }) => stream === 'cronJob-a')).toBe(true);
  });

  it.each(['forwards', 'backwards'] as const)('reads nothing %s of a missing stream', async (direction) => {
    await appended(log(), 'cronJob-ab', 0, 1);
    expect(await log().readStream('cronJob-a', { direction, limit: 10 })).toEqual([]);
  });

  it('gives events back of which the proof computes the same hash in every log', async () => {
    const id = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
    const events = [
      sampleEvent({ b: 1.5, a: ['läuft', null, { d: 1, c: 2 }] }, id(1)),
      sampleEvent({}, id(2)),
    ];
    const known = events.map((event) => ({
      ...event,
      metadata: { ...event.metadata, tzdata_version: '2025c', term: 3, causation_id: id(3) },
    }));
    await append(log(), 'cronJob-a', 0, known);
    const { hash } = (await wholeStream(log(), 'cronJob-a')).reduce(headAfter, FIRST_HEAD);
    expect(hash).toBe('9f821a37c62130dbf7ec079aba6f29dbe1c5697c7201554b6f3a84b615e4bebc');
  });

  it('gives data and metadata back as they were', async () => {
    const event = {
      ...sampleEvent({
        text: 'Zertifikat läuft ab — 証明書 \u{1F4C5} "quoted" \\ \n\t\0 end',
        nothing: null,
        nested: { list: [1, 2.5, -0.001, true, { deep: [[], {}] }], empty: '' },
        'key with ünïcode': 9_007_199_254_740_991,
      }),
      metadata: {
        actor: 'schéduler',
        correlation_id: '',
        causation_id: null,
        schema_version: 3,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        term: 3,
        slot_engine_version: 2,
        tzdata_version: '2026a',
      },
    };
    await append(log(), 'cronJob-ü', 0, [event]);
    const [stored] = await wholeStream(log(), 'cronJob-ü');
    expect(stored).toMatchObject(event);
    expect(stored?.metadata).toEqual(event.metadata);
  });

  it('takes an event of 200 kB', async () => {
    const event = sampleEvent({ text: 'läuft '.repeat(33_000) });
    await append(log(), 'cronJob-a', 0, [event]);
    expect((await wholeStream(log(), 'cronJob-a'))[0]?.data).toEqual(event.data);
  });

  it('has positions of fixed width whose lexical order is log order, START before all', async () => {
    const events = [];
    for (let version = 0; version < 12; version++) {
      events.push(...(await appended(log(), `cronJob-${version % 3}`, Math.floor(version / 3), 1)));
    }
    events.push(...(await appended(log(), 'cronJob-b', 0, 100)));
    expectLogOrder(events);
    expect(new Set(events.map(({ position }) => position.length)).size).toBe(1);
    expect(events.every(({ position }) => START < position)).toBe(true);
  });

  // After it when the log adds events of its own, as EventStoreDB's projections do.
  it('has its head at the last event or after it, and before the first one when there is none', async () => {
    const before = await log().head();
    const [first] = await appended(log(), 'cronJob-a', 0, 2);
    expect(before < (first?.position ?? START)).toBe(true);
    const [last] = await appended(log(), 'cronJob-b', 0, 1);
    const head = await log().head();
    expect(head >= (last?.position ?? head)).toBe(true);
    const following = follow(log(), ['cronJob-'], head);
    await following.untilCaughtUp();
    expect(following.events()).toEqual([]);
  });

  it('tells the id of the event at a position', async () => {
    expect(await log().eventIdAt(START)).toBeUndefined();
    for (const { position, id } of await appended(log(), 'cronJob-a', 0, 3)) {
      expect(await log().eventIdAt(position)).toBe(id);
    }
    expect(await log().eventIdAt(START)).toBeUndefined();
    // Clients send positions, too.
    const [none, most] = ['0'.repeat(20), '9'.repeat(20)];
    for (const position of ['x', '-1', '\0', none.slice(1), most.slice(1), most.repeat(20)])
      expect(await log().eventIdAt(position)).toBeUndefined();
    for (const [commit, prepare] of [
      [none, none],
      [most, most],
      [none, most],
      [most, none],
    ])
      expect(await log().eventIdAt(`${commit}-${prepare}`)).toBeUndefined();
  });

  describe('with a maximal count', () => {
    const versions = async (stream: string): Promise<number[]> =>
      (await wholeStream(log(), stream)).map(({ version }) => version);

    it('keeps only the last events, versions count on', async () => {
      await appended(log(), 'lease-a', 0, 5);
      await appended(log(), 'lease-b', 0, 5);
      await log().setMaxCount('lease-a', 3);
      expect(await versions('lease-a')).toEqual([3, 4, 5]);
      await appended(log(), 'lease-a', 5, 1);
      expect(await versions('lease-a')).toEqual([4, 5, 6]);
      expect(await versions('lease-b')).toEqual([1, 2, 3, 4, 5]);
    });

    it('may be set before the stream exists, and be set again', async () => {
      await log().setMaxCount('lease-a', 2);
      await appended(log(), 'lease-a', 0, 3);
      expect(await versions('lease-a')).toEqual([2, 3]);
      await log().setMaxCount('lease-a', 1);
      expect(await versions('lease-a')).toEqual([3]);
    });

    it('still conflicts, recognises repeats, and reads backwards', async () => {
      const attempt = sampleEvents(1);
      await log().setMaxCount('lease-a', 2);
      await appended(log(), 'lease-a', 0, 5);
      const original = await append(log(), 'lease-a', 5, attempt);
      expect(await append(log(), 'lease-a', 0, sampleEvents(1))).toEqual({ kind: 'conflict', version: 6 });
      expect(await append(log(), 'lease-a', 3, sampleEvents(1))).toEqual({ kind: 'conflict', version: 6 });
      expect(await append(log(), 'lease-a', 5, attempt)).toEqual(original);
      const backwards = await log().readStream('lease-a', { direction: 'backwards', limit: 10 });
      expect(backwards.map(({ version }) => version)).toEqual([6, 5]);
    });

    it('leaves the head where it was', async () => {
      const events = await appended(log(), 'lease-a', 0, 4);
      await log().setMaxCount('lease-a', 1);
      expect(await log().eventIdAt(events[3]?.position ?? '')).toBe(events[3]?.id);
      expect((await log().head()) >= (events[3]?.position ?? '')).toBe(true);
    });
  });
}

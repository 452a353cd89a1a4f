import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { createEventFeed, type EventReader } from '../../../src/history/event-feed.js';
import type { Batch, EventLog, RecordedEvent, SubscribeOptions } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createNews } from '../../../src/waiting/news.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { sampleEvent } from '../../support/sample-events.js';

const BATCH = 500;

/** A log in memory, and a follower of it that reads on when it is told to. */
function createWorld({
  tellFails = () => false,
  textLength = 0,
}: { tellFails?: () => boolean; textLength?: number } = {}) {
  const events: RecordedEvent[] = [];
  const news = createNews();
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  let followed = 0;
  let subscriptions = 0;
  let told = 0;
  let isDown = false;
  const positionOf = (count: number): string => (count === 0 ? '' : String(count).padStart(9, '0'));

  async function* subscribe({ from, prefixes, signal }: SubscribeOptions): AsyncGenerator<Batch> {
    subscriptions++;
    try {
      let position = from;
      while (!signal.aborted) {
        if (isDown) throw new StoreError('store_unavailable', 'down');
        const next = events.slice(Number(position), Number(position) + BATCH);
        position = next.at(-1)?.position ?? position;
        yield {
          events: next.filter(({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix))),
          position,
          caughtUp: next.length < BATCH,
        };
        // More may have come while the reader took these.
        if (events.length === Number(position)) await news.next(signal);
      }
    } finally {
      subscriptions--;
    }
  }

  const logger = createCollectingLogger();
  const feed = createEventFeed({
    log: { subscribe } as unknown as EventLog,
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 1), signal) },
    logger,
    source: {
      position: () => positionOf(followed),
      tap: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    },
    configAt: () => Promise.reject(new Error('no event of this log has changed anything')),
    textOf(recorded) {
      told++;
      if (tellFails()) throw new StoreError('store_unavailable', 'down');
      return `${recorded.position};${'x'.repeat(textLength)}`;
    },
  });

  return {
    feed,
    logger,
    positions: () => events.map(({ position }) => position),
    listeners: () => listeners.size,
    subscriptions: () => subscriptions,
    told: () => told,
    setDown: (down: boolean) => (isDown = down),
    append(count: number, stream = 'cronJob-a') {
      for (let index = 0; index < count; index++)
        events.push({
          ...sampleEvent({}, ''),
          stream,
          version: 1,
          position: positionOf(events.length + 1),
          recorded_at: '',
        });
      news.tell();
    },
    /** The follower hands over what it has not read yet. */
    followOn(most = Infinity) {
      const read = events.slice(followed, followed + most);
      for (const listener of listeners) listener(read);
      followed += read.length;
    },
  };
}

/** Reads when it may; `isTired` says when it takes no more for a while. */
function createReader(isTired: () => boolean = () => false) {
  const over = new AbortController();
  const pause = createNews();
  let text = '';
  let place = '';
  let isFull = false;
  const reader: EventReader = {
    signal: over.signal,
    take(piece, position) {
      text += piece.replaceAll('x', '');
      place = position;
      isFull = isTired();
      return !isFull;
    },
    ready: () => (isFull ? pause.next(over.signal) : Promise.resolve()),
  };
  return {
    reader,
    positions: () => text.split(';').slice(0, -1),
    place: () => place,
    goOn: () => {
      isFull = false;
      pause.tell();
    },
    end: () => {
      over.abort(null);
    },
  };
}

const all = { from: '', prefix: 'cronJob-', wants: () => true };

describe('a feed of events', () => {
  it('gives each event once and in order, however writer, follower and reader take turns', async () => {
    const step = fc.oneof(
      fc.record({
        append: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constant(4_500)),
        stream: fc.constantFrom('cronJob-a', 'lease-x'),
      }),
      fc.record({ follow: fc.integer({ min: 1, max: 12_000 }) }),
      fc.constant({ goOn: true }),
      fc.constant({ wait: true }),
      fc.record({ down: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.nat(300),
        fc.integer({ min: 1, max: 5 }),
        async (steps, before, tires) => {
          const world = createWorld();
          world.append(before);
          world.followOn(before / 2);
          let taken = 0;
          const { reader, positions, goOn, end } = createReader(() => ++taken % tires === 0);
          const following = world.feed.follow(all, reader);
          for (const one of steps) {
            if ('append' in one) world.append(one.append, one.stream);
            else if ('follow' in one) world.followOn(one.follow);
            else if ('down' in one) world.setDown(one.down);
            else if ('goOn' in one) goOn();
            else await systemClock.sleep(2);
          }
          world.setDown(false);
          world.append(1);
          world.followOn();
          const last = world.positions().at(-1) ?? '';
          await eventually('the last one', () => (goOn(), positions().at(-1) === last));
          end();
          await following;
          const seen = positions();
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual([...seen].sort());
          const expected = steps.flatMap((one) =>
            'append' in one && one.stream !== 'cronJob-a' ? [one.append] : [],
          );
          expect(seen.length).toBe(
            world.positions().length - expected.reduce((sum, count) => sum + count, 0),
          );
          expect([world.listeners(), world.subscriptions()]).toEqual([0, 0]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('makes the text of a live event once for all readers, and reads the log for none of them', async () => {
    const world = createWorld();
    world.append(10);
    world.followOn();
    const readers = Array.from({ length: 20 }, () => createReader());
    const from = world.positions().at(-1) ?? '';
    const following = readers.map(({ reader }) => world.feed.follow({ ...all, from }, reader));
    await Promise.resolve();
    world.append(30);
    world.followOn();
    for (const { positions } of readers) await eventually('all', () => positions().length === 30);
    expect([world.told(), world.listeners(), world.subscriptions()]).toEqual([30, 1, 0]);
    for (const { end } of readers) end();
    await Promise.all(following);
    expect(world.listeners()).toBe(0);
  });

  it('waits while what an event changed cannot be read, and goes on without a gap', async () => {
    let isDown = true;
    const world = createWorld({ tellFails: () => isDown });
    const { reader, positions, end } = createReader();
    const following = world.feed.follow(all, reader);
    world.append(3);
    world.followOn();
    await eventually('it is told', () => world.logger.lines.length > 1);
    expect(positions()).toEqual([]);
    isDown = false;
    await eventually('all', () => positions().length === 3);
    end();
    await following;
    expect(world.logger.lines[0]).toMatchObject({
      level: 'warn',
      message: 'an event stream cannot go on; retrying',
    });
  });

  it('says up to where a reader has everything, also of what it does not want', async () => {
    const world = createWorld();
    world.append(700);
    world.append(1, 'lease-x');
    world.followOn();
    const { reader, positions, place, end } = createReader();
    const following = world.feed.follow({ ...all, wants: () => false }, reader);
    await eventually('what was there', () => place() === '000000700');
    await eventually('it waits', () => world.subscriptions() === 0);
    world.append(2);
    world.append(1, 'lease-x');
    world.followOn();
    await eventually('what has come', () => place() === '000000703');
    expect(positions()).toEqual([]);
    end();
    await following;
  });

  it('keeps few of large events, and gives all of them to whoever lags', async () => {
    const world = createWorld({ textLength: 200_000 });
    let isTired = true;
    const { reader, positions, goOn, end } = createReader(() => isTired);
    const following = world.feed.follow(all, reader);
    await Promise.resolve();
    for (let count = 0; count < 120; count += 20) {
      world.append(20);
      world.followOn();
      await systemClock.sleep(1);
    }
    await eventually('all are told', () => world.told() >= 120);
    expect(world.subscriptions()).toBe(0);
    isTired = false;
    goOn();
    await eventually('all', () => positions().length === 120);
    // Those that it has dropped were told again, from the log.
    expect(world.told()).toBeGreaterThan(140);
    expect(positions()).toEqual(world.positions());
    end();
    await following;
  });

  it('ends where a retry cannot help', async () => {
    const world = createWorld();
    world.append(5);
    world.followOn();
    const broken = {
      ...all,
      wants: () => {
        throw new Error('cannot be read');
      },
    };
    const { reader } = createReader();
    await expect(world.feed.follow(broken, reader)).rejects.toThrow('cannot be read');
    expect([world.listeners(), world.subscriptions()]).toEqual([0, 0]);
  });

  it('lets few read the log at once, and a reader that takes nothing keeps no other from it', async () => {
    const world = createWorld();
    world.append(500);
    world.followOn();
    const deaf = Array.from({ length: 20 }, () => createReader(() => true));
    const following = deaf.map(({ reader }) => world.feed.follow(all, reader));
    expect(world.subscriptions()).toBeLessThanOrEqual(4);
    const { reader, positions, end } = createReader();
    following.push(world.feed.follow(all, reader));
    await eventually('all', () => positions().length === 500);
    await eventually('nobody reads', () => world.subscriptions() === 0);
    end();
    for (const one of deaf) one.end();
    await Promise.all(following);
  });

  it('leaves nothing behind of a thousand readers that have gone, some of them while they waited', async () => {
    const world = createWorld();
    world.append(50);
    world.followOn();
    for (let round = 0; round < 10; round++) {
      const readers = Array.from({ length: 100 }, () => createReader());
      const following = readers.map(({ reader }) => world.feed.follow(all, reader));
      if (round % 2) await eventually('some', () => readers.some(({ positions }) => positions().length > 0));
      for (const { end } of readers) end();
      await Promise.all(following);
      expect([world.listeners(), world.subscriptions()]).toEqual([0, 0]);
    }
  });
});

import { expect, it } from '@jest/globals';
import { countingMessages, sendAll, startConsuming, valueOf } from '../support/consumed.js';
import { createGate, eventually } from '../support/eventually.js';
import type { BusWorld } from './bus-world.js';

export function consumeContract(world: () => BusWorld): void {
  it('begins at the oldest message, and gives what comes later', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 10));
    const consumed = startConsuming(bus, { topic, group });
    await eventually('what was there', () => consumed.messages.length === 10);
    await sendAll(bus, countingMessages(topic, 10, 10, 10));
    await eventually('what came later', () => consumed.messages.length === 20);
    await consumed.stop();
    const values = consumed.messages.map((message) => Number(valueOf(message)));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(consumed.messages.every(({ key }) => String(key).startsWith('key-'))).toBe(true);
  });

  it('hands on at most as many messages as it was told to, of one partition, in order', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 500));
    const slices: string[][] = [];
    const consumed = startConsuming(bus, {
      topic,
      group,
      atMost: 7,
      handle(messages) {
        expect(new Set(messages.map(({ partition }) => partition)).size).toBe(1);
        slices.push(messages.map(({ partition, offset }) => `${partition} ${offset}`));
        return Promise.resolve();
      },
    });
    await eventually('all', () => consumed.messages.length === 500);
    await consumed.stop();
    expect(Math.max(...consumed.sizes)).toBe(7);
    const places = slices.flat();
    for (const partition of ['0', '1', '2']) {
      const offsets = places
        .filter((place) => place.startsWith(`${partition} `))
        .map((place) => Number(place.slice(2)));
      expect(offsets).toEqual(Array.from(offsets, (_, index) => index));
    }
    expect(new Set(places).size).toBe(500);
  });

  it('begins behind what was handled when the group comes again', async () => {
    const { bus, openBus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 30));
    const first = startConsuming(bus, { topic, group, atMost: 4 });
    await eventually('some', () => first.messages.length >= 12);
    await first.stop();
    const next = startConsuming(openBus(), { topic, group });
    await sendAll(bus, countingMessages(topic, 30, 10, 30));
    await eventually('the rest', () => first.messages.length + next.messages.length >= 60);
    await next.stop();
    const values = [...first.messages, ...next.messages].map((message) => Number(valueOf(message)));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('delivers again what could not be handled, and nothing behind it before', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 20, 1));
    let failures = 3;
    const tried: string[][] = [];
    const consumed = startConsuming(bus, {
      topic,
      group,
      atMost: 5,
      handle(messages) {
        const values = messages.map(valueOf);
        tried.push(values);
        return values.includes('7') && failures-- > 0 ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    await eventually('all', () => consumed.messages.length === 20);
    await consumed.stop();
    expect(consumed.messages.map(valueOf)).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
    expect(tried.filter((values) => values[0] === '5')).toHaveLength(4);
    expect(tried).toHaveLength(7);
  });

  it('goes on with other partitions while one cannot be handled', async () => {
    const { bus, topic, group } = world();
    const messages = countingMessages(topic, 100);
    const producer = await bus.openProducer();
    await producer.tails([topic]);
    const bad = producer.partitionOf({ topic, key: 'key-0' });
    const others = messages.filter((message) => producer.partitionOf(message) !== bad).length;
    await producer.send(messages);
    await producer.close();
    let mended = false;
    const consumed = startConsuming(bus, {
      topic,
      group,
      partitionsAtOnce: 1,
      atMost: 5,
      handle: ([first]) =>
        first?.partition === bad && !mended ? Promise.reject(new Error('no')) : Promise.resolve(),
    });
    await eventually('the others', () => consumed.messages.length === others);
    mended = true;
    await eventually('all', () => consumed.messages.length === 100);
    await consumed.stop();
  });

  it('handles other partitions while one hangs', async () => {
    const { bus, topic, group } = world();
    const messages = countingMessages(topic, 60);
    const producer = await bus.openProducer();
    await producer.tails([topic]);
    const [slow, ...rest] = messages;
    if (slow === undefined) throw new Error('no message');
    const others = rest.filter((message) => producer.partitionOf(message) !== producer.partitionOf(slow));
    const begun = createGate();
    const goOn = createGate();
    const consumed = startConsuming(bus, {
      topic,
      group,
      partitionsAtOnce: 2,
      atMost: 1,
      async handle([message]) {
        if (message?.partition !== producer.partitionOf(slow)) return;
        begun.open();
        await goOn.passed;
      },
    });
    await producer.send([slow]);
    await begun.passed;
    for (const message of others) await producer.send([message]);
    await eventually('the others', () => consumed.messages.length === others.length);
    goOn.open();
    await eventually('all', () => consumed.messages.length === others.length + 1);
    await consumed.stop();
    await producer.close();
    expect(consumed.messages.slice(0, -1).some(({ key }) => key === 'key-0')).toBe(false);
  });

  it('lets the messages in hand end when it is aborted, and they count when they were handled', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 20, 1));
    const inHand = createGate();
    const told = createGate();
    const goOn = createGate();
    const consumed = startConsuming(bus, {
      topic,
      group,
      atMost: 5,
      async handle(_messages, signal) {
        signal.addEventListener('abort', () => told.open());
        inHand.open();
        await goOn.passed;
      },
    });
    await inHand.passed;
    let ended = false;
    const stopped = consumed.stop().then(() => (ended = true));
    await told.passed;
    expect(ended).toBe(false);
    goOn.open();
    await stopped;
    expect(consumed.messages.map(valueOf)).toEqual(['0', '1', '2', '3', '4']);
    const next = startConsuming(bus, { topic, group });
    await eventually('the rest', () => next.messages.length >= 15);
    await next.stop();
    expect(next.messages.map(valueOf)).toEqual(Array.from({ length: 15 }, (_, index) => String(5 + index)));
  });

  it('ends at once when it was aborted before', async () => {
    const { bus, topic, group } = world();
    const consumed = startConsuming(bus, { topic, group, signal: AbortSignal.abort() });
    await consumed.stop();
    expect(consumed.messages).toEqual([]);
  });

  it('is well while it consumes', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 1));
    const consumed = startConsuming(bus, { topic, group });
    await eventually('the message', () => consumed.messages.length === 1);
    await bus.check();
    await consumed.stop();
    await bus.check();
  });
}

import { expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import type { Consumption } from '../../src/ports/message-bus.js';
import { countingMessages, sendAll, startConsuming, valueOf } from '../support/consumed.js';
import { createGate, eventually } from '../support/eventually.js';
import type { BusWorld } from './bus-world.js';

export function groupContract(world: () => BusWorld): void {
  it('gives each group everything', async () => {
    const { bus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 50));
    const both = ['a', 'b'].map((suffix) => startConsuming(bus, { topic, group: `${group}-${suffix}` }));
    await eventually('all, twice', () => both.every(({ messages }) => messages.length === 50));
    await Promise.all(both.map((one) => one.stop()));
  });

  it('shares the partitions among the consumers of a group, and loses nothing when one leaves in the middle', async () => {
    const { bus, openBus, topic, group } = world();
    const other = openBus();
    const consumeSlowly = (from: typeof bus): ReturnType<typeof startConsuming> =>
      startConsuming(from, {
        topic,
        group,
        atMost: 5,
        handle: () => new Promise((resolve) => setImmediate(resolve)),
      });
    const [stays, leaves] = [consumeSlowly(bus), consumeSlowly(other)];
    const producer = await bus.openProducer();
    let sent = 0;
    const sendMore = async (): Promise<void> => {
      await producer.send(countingMessages(topic, 20, 10, sent));
      sent += 20;
    };
    const partitionsOf = (one: typeof stays): Set<number> =>
      new Set(one.messages.map(({ partition }) => partition));
    await eventually('both to have a part', async () => {
      await sendMore();
      return partitionsOf(stays).size > 0 && partitionsOf(leaves).size > 0;
    });
    for (let times = 0; times < 10; times++) await sendMore();
    const left = leaves.stop();
    for (let times = 0; times < 10; times++) await sendMore();
    await left;
    await producer.close();
    const seen = (): number[] =>
      [...stays.messages, ...leaves.messages].map((message) => Number(valueOf(message)));
    await eventually('all', () => new Set(seen()).size === sent);
    await stays.stop();
    expect([...new Set(seen())].sort((a, b) => a - b)).toEqual(
      Array.from({ length: sent }, (_, index) => index),
    );
    // What one of them saw of a partition it saw in order, but for what was delivered again.
    for (const partition of partitionsOf(leaves)) {
      const offsets = leaves.messages
        .filter((one) => one.partition === partition)
        .map(({ offset }) => Number(offset));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
  });

  it('tells a handler that its partition goes to another consumer, which then gets the messages', async () => {
    const { bus, openBus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 30));
    const begun = createGate();
    const told = createGate();
    const stuck = startConsuming(bus, {
      topic,
      group,
      atMost: 100,
      handle: (_messages, signal) =>
        new Promise((_, reject) => {
          begun.open();
          signal.addEventListener('abort', () => {
            told.open();
            reject(new Error('given up'));
          });
        }),
    });
    await begun.passed;
    const other = startConsuming(openBus(), { topic, group });
    await told.passed;
    await eventually('some to come to the other', () => other.messages.length > 0);
    await stuck.stop();
    await eventually('all to come to the other', () => other.messages.length === 30);
    await other.stop();
    expect(stuck.messages).toEqual([]);
    expect(new Set(other.messages.map(valueOf)).size).toBe(30);
  });

  it('gives a partition to another consumer only when what is in hand has ended', async () => {
    const { bus, openBus, topic, group } = world();
    await sendAll(bus, countingMessages(topic, 30));
    const begun = createGate();
    const inHand = new Set<number | undefined>();
    let atOnce = 0;
    const slowly: Consumption['handle'] = async ([first], signal) => {
      inHand.add(first?.partition);
      begun.open();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      // It takes its time to give up.
      await systemClock.sleep(500);
      inHand.delete(first?.partition);
      throw new Error('given up');
    };
    const slow = startConsuming(bus, { topic, group, handle: slowly });
    await begun.passed;
    const other = startConsuming(openBus(), {
      topic,
      group,
      handle([first]) {
        if (inHand.has(first?.partition)) atOnce++;
        return Promise.resolve();
      },
    });
    await eventually('some to come to the other', () => other.messages.length > 0);
    await slow.stop();
    await eventually('all to come to the other', () => other.messages.length === 30);
    await other.stop();
    expect(atOnce).toBe(0);
  });
}

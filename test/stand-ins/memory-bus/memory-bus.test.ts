import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { OutgoingMessage } from '../../../src/ports/message-bus.js';
import { createMemoryBrokers, type MemoryBrokers } from './memory-bus.js';
import type { SendFault } from './memory-producer.js';
import { startConsuming, valueOf } from '../../support/consumed.js';
import { eventually } from '../../support/eventually.js';

describe('message bus in memory, with faults', () => {
  const topic = 'topic';
  const message = (key: string): OutgoingMessage => ({ topic, key, headers: {}, value: key });
  /** Keys of two partitions. */
  const pair = [message('a'), message('c')];

  async function createBrokers(): Promise<MemoryBrokers> {
    const brokers = createMemoryBrokers({ clock: systemClock });
    await brokers.openBus().createTopics([{ name: topic, partitions: 8, settings: {} }]);
    return brokers;
  }

  it.each<[SendFault, string[]]>([
    ['lost', []],
    ['written but not acknowledged', ['a', 'c']],
    ['partly written', ['a']],
  ])('fails the next send: %s', async (fault, written) => {
    const brokers = await createBrokers();
    const producer = await brokers.openBus().openProducer();
    expect(producer.partitionOf(message('a'))).not.toBe(producer.partitionOf(message('c')));
    brokers.failNextSend(fault);
    await expect(producer.send(pair)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(brokers.messagesOf(topic).map(valueOf).sort()).toEqual(written);
    await expect(producer.tails([topic])).rejects.toThrow('close it');
    const next = await brokers.openBus().openProducer();
    expect((await next.tails([topic])).map(valueOf).sort()).toEqual(written);
    await next.send(pair);
    expect(brokers.messagesOf(topic)).toHaveLength(written.length + 2);
  });

  it('answers nothing while the brokers are down, and goes on when they are up again', async () => {
    const brokers = await createBrokers();
    const bus = brokers.openBus();
    const producer = await bus.openProducer();
    await producer.send(pair);
    brokers.setDown(true);
    const consumed = startConsuming(bus, { topic, group: 'group' });
    for (const call of [() => producer.send(pair), () => bus.openProducer(), () => bus.check()]) {
      await expect(call()).rejects.toMatchObject({ code: 'store_unavailable' });
    }
    expect(consumed.messages).toEqual([]);
    brokers.setDown(false);
    await eventually('the messages', () => consumed.messages.length === 2);
    await bus.check();
    await bus.close();
  });

  it('fails when the newest messages are asked for', async () => {
    const brokers = await createBrokers();
    brokers.failNextTails();
    const producer = await brokers.openBus().openProducer();
    await expect(producer.tails([topic])).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('takes one send at a time', async () => {
    const producer = await (await createBrokers()).openBus().openProducer();
    const first = producer.send(pair);
    await expect(producer.send(pair)).rejects.toThrow('under way');
    await first;
  });
});

import { expect, it } from '@jest/globals';
import { countingMessages, readTopic, sendAll, valueOf, valuesByKey } from '../support/consumed.js';
import type { BusWorld } from './bus-world.js';

export function produceContract(world: () => BusWorld): void {
  it('creates topics that are missing, and leaves those that are there', async () => {
    const { bus, openBus, topic } = world();
    await sendAll(bus, [{ topic, key: 'a', headers: {}, value: 'before' }]);
    const others = Array.from({ length: 3 }, (_, index) => ({
      name: `${topic}-${index}`,
      partitions: 2,
      settings: { 'cleanup.policy': 'compact' },
    }));
    const wanted = [{ name: topic, partitions: 7, settings: {} }, ...others];
    // By several processes at the same moment.
    await Promise.all([bus, openBus(), openBus()].map((one) => one.createTopics(wanted)));
    await bus.createTopics(wanted);
    const producer = await bus.openProducer();
    expect((await producer.tails([topic])).map(valueOf)).toEqual(['before']);
    await producer.send(others.map(({ name }) => ({ topic: name, key: 'a', headers: {}, value: name })));
    const names = others.map(({ name }) => name);
    expect((await producer.tails(names)).map(valueOf).sort()).toEqual(names);
    await producer.close();
  });

  it('gives keys, headers and values back as they were', async () => {
    const { bus, topic, group } = world();
    const bytes = Uint8Array.from([0xff, 0x00, 0xc3, 0x28, 0x80]);
    const sent = [
      { topic, key: 'key', headers: { plain: 'a', ключ: 'значение \u{1F4C5}', empty: '' }, value: 'Grüße' },
      { topic, key: 'key', headers: {}, value: bytes.subarray(1, 4) },
      { topic, key: 'key', headers: {}, value: '' },
      { topic, key: 'key', headers: {}, value: null },
    ];
    await sendAll(bus, sent);
    const read = await readTopic(bus, topic, group, 4);
    expect(read.map(({ key, headers }) => ({ key, headers }))).toEqual(
      sent.map(({ key, headers }) => ({ key, headers })),
    );
    expect(read.map(({ value }) => value && [...value])).toEqual([
      [...Buffer.from('Grüße')],
      [0x00, 0xc3, 0x28],
      [],
      null,
    ]);
    expect(read.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3']);
  });

  it('gives back as bytes what is no text in UTF-8 of a key or header, and as text what is', async () => {
    const { bus, topic, group } = world();
    const latin1 = Uint8Array.from(Buffer.from('k\u00e4the', 'latin1'));
    const sent = [latin1, Uint8Array.from([0xff]), Buffer.from('k\u00e4the'), '\ufffd', '\ufeffa'].map(
      (key) => ({
        topic,
        key,
        headers: { own: key, other: 'text' },
        value: '',
      }),
    );
    const producer = await bus.openProducer();
    await producer.tails([topic]);
    const places = sent.map((message) => producer.partitionOf(message));
    await producer.close();
    for (const message of sent) await sendAll(bus, [message]);
    const read = await readTopic(bus, topic, group, sent.length);
    const shown = (key: unknown, own: unknown, partition: number | undefined): string =>
      [key, own]
        .map((one) => (typeof one === 'string' ? one : Buffer.from(one as Uint8Array).toString('hex')))
        .concat(String(partition))
        .join(' ');
    expect(read.map(({ key, headers, partition }) => shown(key, headers.own, partition)).sort()).toEqual(
      [latin1, Uint8Array.from([0xff]), 'k\u00e4the', '\ufffd', '\ufeffa']
        .map((key, at) => shown(key, key, places[at]))
        .sort(),
    );
    expect(read.every(({ headers }) => headers.other === 'text')).toBe(true);
  });

  it('says where a message goes, and it goes there', async () => {
    const { bus, topic, group } = world();
    const messages = [
      '',
      'a',
      'ä',
      '証明書',
      ...Array.from({ length: 60 }, (_, index) => `key-${index}`),
    ].map((key) => ({ topic, key, headers: {}, value: '1' }));
    const producer = await bus.openProducer();
    await producer.tails([topic]);
    const told = new Map(messages.map((message) => [message.key, producer.partitionOf(message)]));
    await producer.send(messages);
    await producer.close();
    const read = await readTopic(bus, topic, group, messages.length);
    expect(new Map(read.map(({ key, partition }) => [key, partition]))).toEqual(told);
    expect(new Set(told.values()).size).toBe(3);
  });

  it('tells the newest message of each partition that has one', async () => {
    const { bus, openBus, topic } = world();
    const producer = await bus.openProducer();
    expect(await producer.tails([topic])).toEqual([]);
    await producer.send([{ topic, key: 'key-1', headers: { nr: '1' }, value: 'first' }]);
    expect(await producer.tails([topic])).toEqual([
      {
        topic,
        partition: producer.partitionOf({ topic, key: 'key-1' }),
        offset: '0',
        key: 'key-1',
        headers: { nr: '1' },
        value: Buffer.from('first'),
      },
    ]);
    const messages = countingMessages(topic, 3_000);
    await producer.send(messages);
    const newest = new Map(messages.map((message) => [producer.partitionOf(message), message.value]));
    const other = await openBus().openProducer();
    for (const tails of [await producer.tails([topic]), await other.tails([topic])]) {
      expect(new Map(tails.map((tail) => [tail.partition, valueOf(tail)]))).toEqual(newest);
    }
    await Promise.all([producer.close(), other.close()]);
  });

  it('tells a tombstone as the newest message', async () => {
    const { bus, topic } = world();
    const producer = await bus.openProducer();
    await producer.send(['value', null].map((value) => ({ topic, key: 'a', headers: {}, value })));
    expect((await producer.tails([topic])).map(({ value }) => value)).toEqual([null]);
    await producer.close();
  });

  it('sends to several topics at once', async () => {
    const { bus, topic } = world();
    const other = `${topic}-other`;
    await bus.createTopics([{ name: other, partitions: 1, settings: {} }]);
    const producer = await bus.openProducer();
    await producer.send([
      { topic, key: 'a', headers: {}, value: '1' },
      { topic: other, key: 'a', headers: {}, value: '2' },
    ]);
    expect((await producer.tails([topic, other])).map(valueOf).sort()).toEqual(['1', '2']);
    await producer.close();
  });

  it('keeps 5,000 messages of a key in order, over several sends', async () => {
    const { bus, topic, group } = world();
    const producer = await bus.openProducer();
    for (let from = 0; from < 5_000; from += 500) await producer.send(countingMessages(topic, 500, 10, from));
    await producer.close();
    const read = await readTopic(bus, topic, group, 5_000);
    expect(read).toHaveLength(5_000);
    for (const [key, values] of valuesByKey(read)) {
      const first = Number(key.replace('key-', ''));
      expect(values).toEqual(Array.from({ length: 500 }, (_, index) => first + 10 * index));
    }
  });

  it('tells a message that is too large from other errors', async () => {
    const { bus, topic } = world();
    const producer = await bus.openProducer();
    const large = { topic, key: 'a', headers: {}, value: 'x'.repeat(2_000_000) };
    await expect(producer.send([large])).rejects.toMatchObject({ code: 'message_too_large' });
    // After any error it is of no use any more.
    await expect(producer.send([{ ...large, value: 'small' }])).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await producer.close();
    const next = await bus.openProducer();
    expect(await next.tails([topic])).toEqual([]);
    await next.close();
  });

  it('rejects what goes to a topic that is not there', async () => {
    const { bus, topic } = world();
    const lost = { topic: `${topic}-missing`, key: 'a', headers: {}, value: '1' };
    await expect(sendAll(bus, [lost])).rejects.toMatchObject({ code: 'store_unavailable' });
  });
}

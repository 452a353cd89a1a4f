import { describe, expect, it } from '@jest/globals';
import type { Cluster, EachBatchPayload, Message, RecordMetadata } from 'kafkajs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { createPausesByKey } from '../../src/waiting/pauses.js';
import { handleBatch } from '../../src/adapters/kafka/handle-batch.js';
import { openKafkaClient } from '../../src/adapters/kafka/kafka-client.js';
import { DEFAULT_TIMINGS, type KafkaContext, type KafkaTls } from '../../src/adapters/kafka/kafka-options.js';
import { createMembership } from '../../src/adapters/kafka/membership.js';
import { readTails } from '../../src/adapters/kafka/read-tails.js';
import { sendByPartition } from '../../src/adapters/kafka/send-by-partition.js';
import { tellStops } from '../../src/adapters/kafka/tell-stops.js';
import { createTurns } from '../../src/waiting/turns.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { MessageBus } from '../../src/ports/message-bus.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate } from '../support/eventually.js';
import { selfSignedCertificate } from '../support/eventstoredb/self-signed-certificate.js';
import { openKafkaTestBus } from '../support/kafka-test-bus.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const contextFor = (port: number, ssl?: KafkaTls): KafkaContext => ({
  brokers: [`127.0.0.1:${port}`],
  clientId: 'test',
  ssl,
  sasl: undefined,
  timings: DEFAULT_TIMINGS,
  clock: systemClock,
  ids: systemIds,
  logger: createCollectingLogger(),
});

describe('sending to Kafka', () => {
  const batch = (topic: string, partition: number) => ({
    topic,
    partition,
    messages: [{ key: 'a', value: 'a' }] as Message[],
  });

  it('makes a call for each partition, and ends when all have ended', async () => {
    const slow = createGate();
    const calls: string[] = [];
    let ended = false;
    const producer = {
      async send({ topic, messages }: { topic: string; messages: Message[] }): Promise<RecordMetadata[]> {
        const partition = messages[0]?.partition ?? -1;
        calls.push(`${topic} ${partition} ${messages.length}`);
        if (partition === 0) throw new Error('refused');
        await slow.passed;
        return [{ topicName: topic, partition, errorCode: 0 }];
      },
    };
    const sending = sendByPartition(producer, [batch('a', 0), batch('a', 1), batch('b', 2)], 1_000);
    const seen = sending.catch((error: unknown) => error).finally(() => (ended = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toEqual(['a 0 1', 'a 1 1', 'b 2 1']);
    expect(ended).toBe(false);
    slow.open();
    expect(await seen).toMatchObject({ message: 'refused' });
  });

  it('takes no answer for an error', async () => {
    const producer = { send: () => Promise.resolve([]) };
    await expect(sendByPartition(producer, [batch('a', 0)], 1_000)).rejects.toThrow(
      'has not been written to',
    );
  });
});

describe('the newest messages of Kafka', () => {
  it('are found before a batch of which compaction has removed the end', async () => {
    const record = (offset: number, isControlRecord = false) => ({
      offset: String(offset),
      key: null,
      value: null,
      headers: {},
      isControlRecord,
    });
    let fetches = 0;
    const broker = {
      // A batch of the offsets 0 to 4 of which two are left, and the marker of a transaction.
      fetch({ topics }: { topics: { partitions: { fetchOffset: string }[] }[] }) {
        if (++fetches > 100) throw new Error('it reads the same again and again');
        const isInBatch = Number(topics[0]?.partitions[0]?.fetchOffset) <= 4;
        const messages = isInBatch ? [record(0), record(1)] : [record(5, true)];
        return Promise.resolve({ responses: [{ partitions: [{ messages }] }] });
      },
    };
    const cluster = {
      findTopicPartitionMetadata: () => [{ partitionId: 0 }],
      fetchTopicsOffset: ([{ fromBeginning }]: [{ fromBeginning: boolean }]) =>
        Promise.resolve([{ topic: 'a', partitions: [{ partition: 0, offset: fromBeginning ? '0' : '6' }] }]),
      findLeaderForPartitions: () => ({ 1: [0] }),
      findBroker: () => Promise.resolve(broker),
    };
    const tails = await readTails(cluster as unknown as Cluster, ['a']);
    expect(tails.map(({ offset }) => offset)).toEqual(['1']);
  });
});

describe('a batch of Kafka', () => {
  it('is left alone when its partition belongs to another since', async () => {
    const handled: number[] = [];
    const membership = createMembership(
      systemClock,
      new AbortController().signal,
      createPausesByKey({ firstMs: 1, longestMs: 1 }),
    );
    const consumption = {
      topic: 'a',
      group: 'a',
      atMost: 1,
      partitionsAtOnce: 1,
      signal: new AbortController().signal,
      handle: ([message]: readonly { partition: number }[]) => {
        handled.push(message?.partition ?? -1);
        return Promise.resolve();
      },
    };
    const committed: unknown[] = [];
    const give = (partition: number): Promise<void> => {
      const payload = {
        batch: { topic: 'a', partition, messages: [{ offset: '0', key: null, value: null, headers: {} }] },
        pause: () => () => undefined,
        commitOffsetsIfNecessary: (offsets: unknown) => Promise.resolve(committed.push(offsets)),
        resolveOffset: () => undefined,
      };
      return handleBatch(payload as unknown as EachBatchPayload, {
        consumption,
        context: contextFor(1),
        membership,
        turns: createTurns(1),
      });
    };
    membership.joined([0, 1]);
    await give(0);
    await give(1);
    membership.joined([1]);
    await give(0);
    await give(1);
    expect(handled).toEqual([0, 1, 1]);
    expect(committed).toHaveLength(3);
  });
});

describe('what stops a consumer of Kafka', () => {
  it('is told once, and again when it is something else', () => {
    const logger = createCollectingLogger();
    const tell = tellStops(logger, { topic: 'a', group: 'a' });
    const codes = ['store_unavailable', 'store_unavailable', 'store_refused', 'store_refused'] as const;
    for (const code of codes) tell.stopped(new StoreError(code, code), 1);
    tell.wasWell();
    tell.stopped(new StoreError('store_refused', 'again'), 1);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'debug', 'error', 'debug', 'error']);
  });
});

describe('connections to Kafka', () => {
  const listen = async (server: Server): Promise<number> => {
    server.listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  /** How it ends for a server, behind which `server` asks for TLS or not. */
  async function endOfConnection(server: Server, event: string, ssl?: KafkaTls): Promise<unknown> {
    const target = await listen(server);
    const ended = createGate();
    let end: unknown;
    const relay = createServer((client) => {
      const behind = connect(target, '127.0.0.1');
      client.on('error', ({ code }: NodeJS.ErrnoException) => (end ??= code));
      client.on('end', () => (end ??= 'end'));
      client.on('close', () => ended.open());
      behind.on('error', () => undefined);
      client.pipe(behind).pipe(client);
    });
    const client = openKafkaClient(contextFor(await listen(relay), ssl));
    const admin = client.kafka.admin({ retry: { retries: 0 } });
    const connecting = admin.connect().catch((error: unknown) => error);
    const [socket] = (await once(server, event)) as [Socket];
    socket.on('error', () => undefined);
    // The first question has come; it gets no answer.
    await once(socket, 'data');
    client.cut();
    expect(await connecting).toBeInstanceOf(Error);
    await ended.passed;
    socket.destroy();
    server.close();
    relay.close();
    return end;
  }

  it('are reset when they are cut, so that nothing is delivered later', async () => {
    expect(await endOfConnection(createServer(), 'connection')).toBe('ECONNRESET');
  });

  it('are reset below TLS', async () => {
    const { key, certificate } = selfSignedCertificate(temporaryFolder());
    const server = createTlsServer({ key, cert: certificate });
    const ca = certificate.toString();
    expect(await endOfConnection(server, 'secureConnection', { ca })).toBe('ECONNRESET');
  });

  it.each<[string, (bus: MessageBus) => Promise<unknown>]>([
    ['a producer is opened', (bus) => bus.openProducer()],
    ['topics are created', (bus) => bus.createTopics([{ name: 'a', partitions: 1, settings: {} }])],
  ])('are reset at once when the bus is closed while %s and Kafka hangs', async (_, work) => {
    const hanging = createServer();
    const { requestMs, callMs } = DEFAULT_TIMINGS;
    const bus = openKafkaTestBus(`127.0.0.1:${await listen(hanging)}`, { requestMs, callMs });
    const working = expect(work(bus)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'store_unavailable',
      message: expect.stringContaining('this bus is closed'),
    });
    const [socket] = (await once(hanging, 'connection')) as [Socket];
    await once(socket, 'data');
    const reset = expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
    const began = performance.now();
    await bus.close();
    await Promise.all([working, reset]);
    expect(performance.now() - began).toBeLessThan(500);
    hanging.close();
  });

  it.each([undefined, {}])('tell when nobody listens: %j', async (ssl) => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const admin = openKafkaClient(contextFor(port, ssl)).kafka.admin({ retry: { retries: 0 } });
    await expect(admin.connect()).rejects.toThrow('ECONNREFUSED');
  });

  it('may be asked about by several at once, also while they are closed', async () => {
    const bus = openKafkaTestBus('127.0.0.1:1', { checkMs: 300 });
    const unavailable = { name: 'StoreError', code: 'store_unavailable' };
    for (let times = 0; times < 2; times++) {
      const asked = await Promise.allSettled([bus.check(), bus.check(), bus.check()]);
      expect(asked).toMatchObject(Array.from({ length: 3 }, () => ({ reason: unavailable })));
    }
    const asking = expect(bus.check()).rejects.toMatchObject(unavailable);
    await bus.close();
    await asking;
  });
});

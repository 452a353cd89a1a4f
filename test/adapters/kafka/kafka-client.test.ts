import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { openKafkaClient } from '../../../src/adapters/kafka/kafka-client.js';
import type { MessageBus } from '../../../src/ports/message-bus.js';
import { createGate } from '../../support/eventually.js';
import { selfSignedCertificate } from '../../support/self-signed-certificate.js';
import { openKafkaTestBus } from '../../servers/kafka-test-bus.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { DEFAULT_TIMINGS, type KafkaTls } from '../../../src/adapters/kafka/kafka-options.js';
import { contextFor } from './context-for.js';

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

import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type ISocketFactoryArgs, type KafkaConfig } from 'kafkajs';
import type { KafkaContext } from './kafka-options.js';
import { kafkaLogCreator } from './kafka-log.js';
import { restIdleQueues } from './rest-idle-queues.js';
import { tlsOver } from './tls-over.js';

export interface KafkaClient {
  kafka: Kafka;
  /** Closes all its connections permanently, with any requests in flight. */
  cut(): void;
}

restIdleQueues();

/** So that NODE_ENV does not decide: kafkajs has other defaults for tests. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 2 };

/**
 * Does not connect yet. Each caller gets its own client: kafkajs shares the offsets of a group among the consumers of
 * one client, and its retries go on after `disconnect`, over a new connection. Only without sockets is it sure to write
 * no more.
 */
export function openKafkaClient(context: KafkaContext): KafkaClient {
  const { brokers, clientId, ssl, sasl, timings, logger } = context;
  const sockets = new Set<{ raw: Socket; used: Socket }>();
  let open = true;

  function socketFactory({ host, port, ssl: tls, onConnect }: ISocketFactoryArgs): Socket {
    if (!open) throw new Error('closed');
    // What was configured: an object, `true`, or null when nothing was.
    const secure = tls as ISocketFactoryArgs['ssl'] | true | null;
    const raw = connect({ host, port });
    raw.setKeepAlive(true, 60_000);
    raw.setNoDelay(true);
    const used = secure === null ? raw : tlsOver(raw, host, secure === true ? {} : secure, onConnect);
    if (secure === null) raw.once('connect', onConnect);
    const both = { raw, used };
    sockets.add(both);
    raw.once('close', () => sockets.delete(both));
    return used;
  }

  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined || ssl === false ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
    connectionTimeout: timings.connectMs,
    authenticationTimeout: timings.requestMs,
    requestTimeout: timings.requestMs,
    retry: RETRY,
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: kafkaLogCreator(logger),
  });

  return {
    kafka,
    cut() {
      open = false;
      for (const both of sockets) reset(both);
    },
  };
}

/**
 * With a reset: after an ordinary close the kernel would go on delivering buffered writes, for as long as it takes,
 * when others may have written since. And with an error: kafkajs does not listen for 'close', and would wait for
 * answers.
 */
function reset({ raw, used }: { raw: Socket; used: Socket }): void {
  const error = new Error('closed by this service');
  // Nothing of ours is sent before it is connected. A socket in shutdown cannot be reset: libuv refuses that, and its
  // handle would keep the process from exiting.
  if (raw.connecting || raw.writableEnded) raw.destroy();
  else raw.resetAndDestroy();
  if (used === raw) raw.emit('error', error);
  else used.destroy(error);
}

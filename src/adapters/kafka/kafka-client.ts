import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactoryArgs, type KafkaConfig } from 'kafkajs';
import type { KafkaContext } from './kafka-options.js';
import { kafkaLogCreator } from './kafka-log.js';

export interface KafkaClient {
  kafka: Kafka;
  /** Ends all its connections for good, whatever is under way on them. */
  cut(): void;
}

/** So that NODE_ENV does not decide: kafkajs has other defaults for tests. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 2 };

/**
 * Connects nowhere yet. Whatever is opened gets a client of its own: kafkajs lets the consumers of one client share
 * the offsets of their group, and what it repeats goes on after `disconnect`, over a new connection. Only without
 * sockets is it sure to write no more.
 */
export function openKafkaClient(context: KafkaContext): KafkaClient {
  const { brokers, clientId, ssl, sasl, timings, logger } = context;
  const sockets = new Set<Socket>();
  let open = true;

  function socketFactory({ host, port, ssl: tls, onConnect }: ISocketFactoryArgs): Socket {
    if (!open) throw new Error('closed');
    // What was configured: an object, `true`, or null when nothing was.
    const secure = tls as ISocketFactoryArgs['ssl'] | true | null;
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      secure === null
        ? connectPlain({ host, port }, onConnect)
        : connectTls({ host, port, ...servername, ...(secure === true ? {} : secure) }, onConnect);
    socket.setKeepAlive(true, 60_000);
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
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
      // With an error: kafkajs does not listen for 'close', and would wait for the answers.
      for (const socket of sockets) socket.destroy(new Error('closed by this service'));
    },
  };
}

import { describe } from '@jest/globals';
import type { ProxiedListener } from './obtained.js';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { testVariables } from './test-variables.js';

export interface KafkaBehindProxy {
  /** Brokers, bypassing the proxy. */
  direct: string;
  /** Brokers whose clients use only the proxy, as Kafka advertises its address. */
  proxied: string;
  openProxy(): Promise<TcpProxy>;
}

/** Which test file has which listener: two files run at the same time. */
const LISTENERS = { network: 0, outages: 1, starts: 2 };

/** describe, where Kafka has a listener for a proxy; elsewhere it is skipped, and its name says why. */
export function describeWithKafkaProxy(
  file: keyof typeof LISTENERS,
  name: string,
  tests: (kafka: KafkaBehindProxy) => void,
): void {
  const direct = process.env[testVariables.kafka.url];
  const listeners = JSON.parse(process.env.TEST_KAFKA_PROXY ?? '[]') as ProxiedListener[];
  const listener = listeners[LISTENERS[file]];
  if (direct !== undefined && listener !== undefined) {
    const { proxyPort, targetHost, targetPort } = listener;
    describe(name, () =>
      tests({
        direct,
        proxied: `127.0.0.1:${proxyPort}`,
        openProxy: () => openTcpProxy(targetHost, targetPort, proxyPort),
      }),
    );
    return;
  }
  const reason =
    direct === undefined
      ? `no kafka: ${process.env[testVariables.kafka.missing] ?? 'only *.server.test.ts files have servers'}`
      : 'a given Kafka has no listener for a proxy';
  describe.skip(`${name} (SKIPPED: ${reason})`, () =>
    tests({ direct: '', proxied: '', openProxy: () => Promise.reject(new Error(reason)) }));
}

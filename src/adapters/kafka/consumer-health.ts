import type { Consumption } from '../../ports/message-bus.js';
import type { KafkaContext } from './kafka-options.js';

/** Health of one consumer, across all its lives. */
export interface ConsumerHealth {
  /** A life begins: the consumer is unhealthy until it has joined its group. */
  starting(): void;
  /** A heartbeat was answered, or the group was joined. */
  sign(kind: 'heartbeat' | 'joined'): void;
  stopped(reason: string): void;
  /** Since the last sign, or the start. */
  silentMs(): number;
  isJoined(): boolean;
  /** The problem, or undefined. */
  complaint(): string | undefined;
}

export function consumerHealth(
  { topic, group }: Consumption,
  { brokers, clock, timings }: KafkaContext,
): ConsumerHealth {
  let joined = false;
  let lastSign = clock.monotonic();
  let lastStop = '';
  const silentMs = (): number => clock.monotonic() - lastSign;
  return {
    starting() {
      joined = false;
      lastSign = clock.monotonic();
    },
    sign(kind) {
      if (kind === 'joined') joined = true;
      lastSign = clock.monotonic();
    },
    stopped(reason) {
      joined = false;
      lastStop = reason;
    },
    silentMs,
    isJoined: () => joined,
    complaint() {
      const who = `the consumer of ${topic} in group ${group}`;
      if (!joined && lastStop !== '') return `${lastStop}; so ${who} has stopped and is started again`;
      const at = `Kafka at ${brokers.join(', ')}`;
      if (!joined) return `${at}: ${who} has not joined it yet`;
      if (silentMs() > timings.sessionMs) return `${at}: ${who} is silent for ${Math.round(silentMs())} ms`;
      return undefined;
    },
  };
}

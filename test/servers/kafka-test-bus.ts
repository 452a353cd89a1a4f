import { openKafkaBus } from '../../src/adapters/kafka/kafka-bus.js';
import type { KafkaTimings } from '../../src/adapters/kafka/kafka-options.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { MessageBus } from '../../src/ports/message-bus.js';
import { createCollectingLogger, type LogLine } from '../support/collecting-logger.js';

export const QUICK_TIMINGS: Partial<KafkaTimings> = {
  requestMs: 1_000,
  callMs: 3_000,
  sessionMs: 1_500,
  heartbeatMs: 200,
  rebalanceMs: 5_000,
  pollMs: 50,
  redelivery: { firstMs: 20, longestMs: 500 },
  restart: { firstMs: 50, longestMs: 500 },
};

export interface KafkaTestBus extends MessageBus {
  /** What it has logged at this level. */
  linesAt(level: LogLine['level']): string[];
}

/** A bus that gives up, and tries again, sooner than in production. @param brokers as in TEST_KAFKA_BROKERS */
export function openKafkaTestBus(brokers: string, timings: Partial<KafkaTimings> = {}): KafkaTestBus {
  const logger = createCollectingLogger();
  const bus = openKafkaBus({
    brokers: brokers.split(','),
    timings: { ...QUICK_TIMINGS, ...timings },
    clock: systemClock,
    ids: systemIds,
    logger,
  });
  const linesAt = (level: LogLine['level']): string[] =>
    logger.lines.filter((line) => line.level === level).map(({ message }) => message);
  return { ...bus, linesAt };
}

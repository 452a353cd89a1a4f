import {
  DEFAULT_TIMINGS,
  type KafkaContext,
  type KafkaTls,
} from '../../../src/adapters/kafka/kafka-options.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createTurns } from '../../../src/waiting/turns.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

/** What the parts of the adapter share, for brokers at a port of this machine. */
export const contextFor = (port: number, ssl?: KafkaTls): KafkaContext => ({
  brokers: [`127.0.0.1:${port}`],
  clientId: 'test',
  ssl,
  sasl: undefined,
  timings: DEFAULT_TIMINGS,
  clock: systemClock,
  ids: systemIds,
  logger: createCollectingLogger(),
  decompressing: createTurns(1),
});

import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from '../../ports/logger.js';

/**
 * What kafkajs says while it tries is for debugging, whatever it calls it: it writes an ERROR for each attempt. What
 * comes of it is told by this adapter. Only its word on a consumer's offsets ("Offset out of range, resetting") is
 * told nowhere else.
 */
export function kafkaLogCreator(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, ...fields } }) => {
      const about = { kafka: { ...fields, namespace } };
      if (namespace === 'ConsumerGroup' && level <= logLevel.WARN) logger.warn(about, `Kafka: ${message}`);
      else logger.debug(about, `Kafka: ${message}`);
    };
}

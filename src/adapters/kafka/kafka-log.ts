import { logLevel, type logCreator } from 'kafkajs';
import type { Logger } from '../../ports/logger.js';

/**
 * Logs kafkajs's messages at debug, whatever their level: it writes an ERROR for each attempt. The adapter reports the
 * outcome. Only those about a consumer's offsets ("Offset out of range, resetting") appear nowhere else.
 */
export function kafkaLogCreator(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, ...fields } }) => {
      const about = { kafka: { ...fields, namespace } };
      if (namespace === 'ConsumerGroup' && level <= logLevel.WARN) logger.warn(about, `Kafka: ${message}`);
      else logger.debug(about, `Kafka: ${message}`);
    };
}

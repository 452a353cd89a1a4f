import type { Logger } from '../ports/logger.js';

/** Work never fails because of its log: a line that cannot be written is lost, and whoever wrote it goes on. */
export function createUnfailingLogger(logger: Logger): Logger {
  let lost = 0;
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      try {
        logger[level](fields, message);
      } catch {
        // There is no other place to say it but the metric.
        lost++;
      }
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    dropped: () => lost + (logger.dropped?.() ?? 0),
  };
}

import { destination, pino, stdSerializers } from 'pino';
import type { Logger } from '../../ports/logger.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on standard output; an `err` field is written with its stack. */
export function createLogger(level: LogLevel): Logger {
  const logger = pino(
    {
      level,
      base: { service: 'certification-cron' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err },
    },
    // Not asynchronous: sonic-boom flushes its buffer on exit, and retries that forever when the reader is gone.
    destination({ fd: 1, sync: true }),
  );
  return {
    debug: (fields, message) => {
      logger.debug(fields, message);
    },
    info: (fields, message) => {
      logger.info(fields, message);
    },
    warn: (fields, message) => {
      logger.warn(fields, message);
    },
    error: (fields, message) => {
      logger.error(fields, message);
    },
  };
}

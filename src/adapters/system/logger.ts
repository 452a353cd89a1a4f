import { pino, stdSerializers } from 'pino';
import type { Logger } from '../../ports/logger.js';
import { createLineOutput, type LineOutput } from './line-output.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * JSON lines on standard output; an `err` field is written with its stack. What nobody takes is dropped and counted: the
 * output does not decide about the life of the service.
 */
export function createLogger(level: LogLevel, output: LineOutput = createLineOutput(process.stdout)): Logger {
  const logger = pino(
    {
      level,
      base: { service: 'certification-cron' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err },
    },
    output,
  );
  let told = 0;

  function tellDropped(): void {
    const lines = output.dropped() - told;
    if (lines === 0 || !output.takesLines()) return;
    told += lines;
    logger.warn({ lines }, 'log lines were dropped: the output did not take them');
  }

  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      tellDropped();
      logger[name](fields, message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    dropped: output.dropped,
  };
}

import type { Logger } from '../../src/ports/logger.js';

export interface LogLine {
  level: keyof Logger;
  message: string;
  fields: object;
}

/** Collects log lines, so that a test can say which must, and must not, be there. */
export function createCollectingLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

import type { IncomingMessage, TextOrBytes } from '../ports/message-bus.js';

/**
 * The header with this name, which other systems write in any case; of several the last one counts.
 * @param name in lower case
 */
export function headerNamed({ headers }: IncomingMessage, name: string): TextOrBytes | undefined {
  return Object.entries(headers).findLast(([one]) => one.toLowerCase() === name)?.[1];
}

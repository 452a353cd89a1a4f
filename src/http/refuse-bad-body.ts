import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { invalidBody, unsupportedBody } from './problem.js';

/** No request has more than some dozens; each that is parsed costs memory, and a quarter of a megabyte has 130,000. */
const MOST_VALUES = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Each begins a value: `,` `[` `{` */
const BEGINNINGS = new Set([0x2c, 0x5b, 0x7b]);

/**
 * Looks at a body of JSON before it is parsed.
 * @throws ProblemError when it is not in UTF-8, or holds more values than any request needs
 */
export function refuseBadBody(
  _request: IncomingMessage,
  _response: unknown,
  body: Buffer,
  charset: string,
): void {
  if (charset !== 'utf-8') throw unsupportedBody();
  // The parser would replace what is none.
  if (!isUtf8(body)) throw invalidBody('invalid_json', 'is no text in UTF-8');
  let values = 0;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (inText && byte === BACKSLASH) at++;
    else if (byte === QUOTE) inText = !inText;
    else if (!inText && BEGINNINGS.has(byte) && ++values > MOST_VALUES)
      throw invalidBody('invalid_body', `has more than ${MOST_VALUES} fields and values`);
  }
}

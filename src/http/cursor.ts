import * as z from 'zod';

const MESSAGE = 'must be a text that an answer has given as next_cursor';
/** Of a place with two ids of 200 characters, each written as an escape. */
const LONGEST = 8_000;

/** A place in a list as clients get it: a text that means nothing to them. */
export function cursorText(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Reads what `cursorText` has made, as a parameter. */
export function cursorOf<T>(place: z.ZodType<T>) {
  return z
    .string(MESSAGE)
    .regex(/^[A-Za-z0-9_-]+$/, { error: MESSAGE, abort: true })
    .max(LONGEST, { error: MESSAGE, abort: true })
    .transform((text, context): T => {
      const parsed = place.safeParse(fromCursor(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: MESSAGE });
      return z.NEVER;
    });
}

function fromCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

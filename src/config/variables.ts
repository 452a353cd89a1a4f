import * as z from 'zod';

/** Kinds of environment variables: a text in, its value out. */

/** Empty is as good as unset: that is how compose files and .env files leave a variable out. */
export const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

export const flag = z
  .enum(['true', 'false', ''], { error: 'must be true or false' })
  .default('false')
  .transform((text) => text === 'true');

/** URL of a server, beginning with one of the protocols; undefined when it is left out. */
export function url(protocols: readonly string[]) {
  return optionalText.refine(
    (text) => text === undefined || protocols.some((protocol) => text.startsWith(`${protocol}://`)),
    { error: `must begin with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}` },
  );
}

/** A whole number in decimal digits, from `minimum` to `maximum`. */
export function wholeNumber(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message));
}

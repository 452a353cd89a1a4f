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

const MUST_NAME_HOSTS =
  'must name hosts behind the protocol, such as user:password@host:1234; ' +
  'in user, password and options, write each of : / ? # [ ] @ % as %3A, %2F, %3F, %23, %5B, %5D, %40, %25';

/** Whether it is a name, an address or a socket in a folder (`%2F`), with a port or without. */
export function isHost(text: string): boolean {
  const [found, port = '0'] = /^(?:(?:[\w.-]|%2f)+|\[[\w.:%]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return found !== undefined && Number(port) <= 65_535;
}

/**
 * URL of a server, beginning with one of the protocols; undefined when it is left out. The text between protocol and
 * path must be hosts, with credentials in front at most: a driver would take the rest of a password for a host, or
 * repeat it in an error.
 */
export function url(protocols: readonly string[]) {
  const begin = protocols.map((protocol) => `${protocol}://`);
  return optionalText.superRefine((text, context) => {
    if (text === undefined) return;
    const after = begin.find((each) => text.startsWith(each))?.length;
    const authority =
      after === undefined ? '' : (/^(?:[^@]+@)?([^@/?]*)(?:[/?][^@]*)?$/.exec(text.slice(after))?.[1] ?? '');
    if (after === undefined)
      context.addIssue({ code: 'custom', message: `must begin with ${begin.join(' or ')}` });
    else if (!authority.split(',').every((host) => isHost(host)))
      context.addIssue({ code: 'custom', message: MUST_NAME_HOSTS });
  });
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

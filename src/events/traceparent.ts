/** Version, trace, parent and flags, in hexadecimal digits of lower case. */
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = /^0+$/;
const TRACE_ID = { from: 3, to: 35 };

/**
 * Reads a header `traceparent` by W3C Trace Context, level 1. Pure.
 * @param text as it came, of any length
 * @returns 55 characters of version 00, the version that this service knows and passes on; undefined for what the
 *   specification has a receiver ignore. Of a later version the fields of version 00 are taken, and the one flag.
 */
export function parseTraceparent(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const [, version, trace = '', parent = '', flags = '', rest] = FORM.exec(text) ?? [];
  if (version === undefined || version === 'ff' || NO_TRACE.test(trace) || NO_TRACE.test(parent))
    return undefined;
  if (version === '00') return rest === undefined ? text : undefined;
  return `00-${trace}-${parent}-0${Number.parseInt(flags, 16) & 1}`;
}

/** The trace that it belongs to. @param traceparent as `parseTraceparent` gives it */
export function traceIdIn(traceparent: string): string {
  return traceparent.slice(TRACE_ID.from, TRACE_ID.to);
}

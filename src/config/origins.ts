import type * as z from 'zod';

const EXAMPLE = 'such as https://app.example.com,http://localhost:5173';

/**
 * Origins of web pages with commas between them, each exactly as browsers send it (RFC 6454, section 6.2); none when there
 * is no text. There is no `*`: with it every page that a user has open could change jobs where no credential is asked for.
 */
export function toOrigins(
  text: string | undefined,
  context: z.core.$RefinementCtx<string | undefined>,
): readonly string[] {
  if (text === undefined) return [];
  const origins = text.split(',').map((origin) => origin.trim());
  for (const [at, origin] of origins.entries()) {
    const fault = faultOf(origin);
    if (fault === undefined) continue;
    const which = origins.length === 1 ? '' : `: number ${at + 1} of ${origins.length}`;
    context.addIssue({ code: 'custom', message: `${fault}${which}` });
  }
  return [...new Set(origins)];
}

/** Repeats nothing but scheme, host and port: somebody may have put a password before them. */
function faultOf(origin: string): string | undefined {
  if (origin.includes('*')) return `must name each origin, ${EXAMPLE}; there is no *`;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || !/^https?:\/\/(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/.test(url.origin))
    return `must be origins of web pages with commas between them, ${EXAMPLE}`;
  if (url.origin !== origin)
    return `must be origins as browsers send them, without path, slash at the end or usual port; write ${url.origin}`;
  return undefined;
}

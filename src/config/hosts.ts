import { isIPv6 } from 'node:net';
import type * as z from 'zod';

/** Names and addresses with commas between them; none when there is no text. */
export function toHosts(
  text: string | undefined,
  context: z.core.$RefinementCtx<string | undefined>,
): readonly string[] {
  if (text === undefined) return [];
  const hosts = text.split(',').map((host) => host.trim());
  if (!hosts.every(isHost))
    context.addIssue({
      code: 'custom',
      message:
        'must be a name or address without a port, or several with commas between them, such as cron.example.com,10.0.0.7',
    });
  return hosts;
}

function isHost(text: string): boolean {
  return isIPv6(text.replace(/^\[(.*)\]$/, '$1')) || /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i.test(text);
}

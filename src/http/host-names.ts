import { isIPv4, isIPv6 } from 'node:net';

/** A name with letters in one case and without the dot of the root; an address in its shortest form, without brackets. */
export function canonicalHost(text: string): string | undefined {
  const name = text.toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(address)) return shortestAddress(address);
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/.test(name) ? name.replace(/\.$/, '') : undefined;
}

/**
 * The host of a Host header or of the target of a request, without its port.
 * @returns undefined when it is neither a name nor an address
 */
export function hostOf(authority: string): string | undefined {
  const host = /^(\[[^\]]*\]|[^:[\]]*)(?::\d{0,5})?$/.exec(authority)?.[1];
  return host === undefined ? undefined : canonicalHost(host);
}

/** @param host as `canonicalHost` gives it */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** A socket for both versions of IP shows an address of version 4 inside one of version 6. */
function shortestAddress(address: string): string | undefined {
  if (address.includes('%')) return undefined;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const words = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortest)?.slice(1);
  if (words === undefined) return shortest;
  return words
    .map((word) => parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.');
}

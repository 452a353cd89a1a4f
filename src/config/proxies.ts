import { BlockList, isIP } from 'node:net';
import type * as z from 'zod';

/** Beyond them a range is that of half the world, and whoever connects from there could be anybody. */
const WIDEST_IPV4 = 8;
const WIDEST_IPV6 = 16;
const FAULT = {
  code: 'custom',
  message:
    'must be addresses and ranges of them with commas between them, such as 10.0.0.7,10.1.0.0/16,fd00:1::/32; a range has at ' +
    `least /${WIDEST_IPV4} (IPv6: /${WIDEST_IPV6}), and nothing behind its prefix`,
} as const;

/** IPv4 inside of IPv6: `::ffff:0:0/96`. */
const MAPPED = 0xffffn;
const MAPPED_BITS = 96;

/** Addresses and ranges of addresses with commas between them; undefined when there is no text. */
export function toProxies(
  text: string | undefined,
  context: z.core.$RefinementCtx<string | undefined>,
): BlockList | undefined {
  if (text === undefined) return undefined;
  const proxies = new BlockList();
  for (const part of text.split(',')) if (!addTo(proxies, part.trim())) context.addIssue(FAULT);
  return proxies;
}

/** @returns false when it is neither an address nor a range that is narrow enough */
function addTo(proxies: BlockList, part: string): boolean {
  const [address = '', length, ...more] = part.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more.length > 0) return false;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return false;
  const before = version === 4 ? MAPPED_BITS : 0;
  const bits = length === undefined ? 128 : before + Number(length);
  const value = valueOf(version === 4 ? `::ffff:${address}` : address);
  if (bits > 128) return false;
  const behind = BigInt(128 - bits);
  if ((value >> behind) << behind !== value) return false;
  const isIPv4 = bits >= MAPPED_BITS && value >> 32n === MAPPED;
  if (isIPv4 ? bits < MAPPED_BITS + WIDEST_IPV4 : bits < WIDEST_IPV6) return false;
  // A range that has all of IPv4 in it.
  if (bits < MAPPED_BITS && value >> behind === (MAPPED << 32n) >> behind) return false;
  if (isIPv4) proxies.addSubnet(dotted(value), bits - MAPPED_BITS, 'ipv4');
  else proxies.addSubnet(address, bits, 'ipv6');
  return true;
}

/** @param address of IPv6, in any spelling */
function valueOf(address: string): bigint {
  const [front = '', back = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [front, back].map((groups) => groups.split(':').filter((group) => group !== ''));
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const groups = [...(before ?? []), ...Array.from({ length: missing }, () => '0'), ...(after ?? [])];
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 0xffn)).join('.');
}

import { BlockList, isIP } from 'node:net';
import type * as z from 'zod';

const FAULT = {
  code: 'custom',
  message:
    'must be addresses and ranges of them with commas between them, such as 10.0.0.7,10.1.0.0/16,fd00::/8; not all there are',
} as const;

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

/** @returns false when it is neither an address nor a range, or the range of all: then everybody could be anybody */
function addTo(proxies: BlockList, part: string): boolean {
  const [address = '', bits, ...more] = part.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more.length > 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) {
    proxies.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) === 0 || Number(bits) > (version === 4 ? 32 : 128))
    return false;
  proxies.addSubnet(address, Number(bits), family);
  return true;
}

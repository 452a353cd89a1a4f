import { isIP, type BlockList } from 'node:net';

/** Whether an address is in the list. One of IPv4 counts the same inside one of IPv6, as sockets for both show it. */
export function isTrustedAddress(trusted: BlockList, address: string | undefined): boolean {
  const version = address === undefined ? 0 : isIP(address);
  if (address === undefined || version === 0) return false;
  return trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

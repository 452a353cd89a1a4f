import { StoreError } from '../../ports/store-error.js';

/** In lower case, as the client compares them. */
const OPTIONS = [
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'tls',
  'tlscafile',
  'tlsverifycert',
  'usercertfile',
  'userkeyfile',
];

/**
 * The client warns of an unknown option by printing the whole URL, with its password. So this refuses it first, and
 * `throwOnAppendFailure`, too, since a conflict must come as an error. `tlsVerifyCert=false` is refused as well.
 * @param server the URL without its credentials
 * @throws StoreError store_refused
 */
export function checkUrl(server: string): void {
  const query = /\?(.*)$/.exec(server)?.[1] ?? '';
  for (const [name, value] of new URLSearchParams(query)) {
    const option = name.toLowerCase().replaceAll(/[_-]/g, '');
    if (!OPTIONS.includes(option))
      throw new StoreError('store_refused', `${server}: ${name} is no option of EventStoreDB's URL`);
    if (option === 'tlsverifycert' && value === 'false') {
      const advice = 'name the certificate of its authority by tlsCAFile';
      throw new StoreError('store_refused', `${server}: certificates are always verified; ${advice}`);
    }
  }
}

import { StoreError } from '../../ports/store-error.js';

/** As the client names them; it compares them without case, hyphens and underscores. */
const OPTIONS = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
];
const KNOWN = new Set(OPTIONS.map((option) => option.toLowerCase()));

/** Credentials end at an @, as for the client: it reads one that is not written as %40 in another way. */
const URL_OF_SERVERS =
  /^(esdb(?:\+discover)?:\/\/)(?:[^:]+:[^@]+@)?([\w.-]+(?::\d{1,5})?(?:,[\w.-]+(?::\d{1,5})?)*)\/*(?:\?([^?]*))?$/;

/**
 * The client prints the whole URL, with its password, when it warns of an option, and has it in its errors. So this
 * refuses first what it would warn of, and repeats no part of a URL but its hosts. `throwOnAppendFailure` is refused,
 * too, since a conflict must come as an error, and `tlsVerifyCert=false`.
 * @returns the protocol and the hosts, for messages
 * @throws StoreError store_refused
 */
export function checkUrl(url: string): string {
  const [, protocol = '', hosts, query] = URL_OF_SERVERS.exec(url) ?? [];
  if (hosts === undefined) throw notAUrl('EVENTSTORE_URL');
  const server = protocol + hosts;
  for (const [index, pair] of (query?.split('&') ?? []).entries()) {
    const [name = '', value] = pair.split(/=(.*)/s);
    const option = name.toLowerCase().replaceAll(/[_-]/g, '');
    if (!KNOWN.has(option)) {
      const which = `number ${index + 1} of its options is no option of EventStoreDB's URL`;
      throw new StoreError('store_refused', `${server}: ${which}; allowed: ${OPTIONS.join(', ')}`);
    }
    if (value === undefined || value === '') throw notAUrl(server);
    if (option === 'tlsverifycert' && value.trim() === 'false') {
      const advice = 'name the certificate of its authority by tlsCAFile';
      throw new StoreError('store_refused', `${server}: certificates are always verified; ${advice}`);
    }
  }
  return server;
}

/** @param where the server, or the variable where even that cannot be told */
export function notAUrl(where: string): StoreError {
  const advice =
    'the URL must look like esdb://user:password@host:2113?tls=true, or esdb+discover://... for a cluster; ' +
    'in user, password and options, write each of : / ? # [ ] @ % as %3A, %2F, %3F, %23, %5B, %5D, %40, %25';
  return new StoreError('store_refused', `${where}: ${advice}`);
}

import { ConfigError, type Config } from '../config/config.js';
import { canonicalHost, isLoopback } from '../http/host-names.js';

/** Whether others than this machine can reach the service. A name counts as theirs, whatever it leads to. */
export function isOpenToOthers({ host }: Pick<Config, 'host'>): boolean {
  return !isLoopback(canonicalHost(host) ?? host);
}

/** @throws ConfigError when nobody has said that others may use the service without credentials */
export function refuseOpenPort({
  host,
  allowAnonymous,
  credentials,
}: Pick<Config, 'host' | 'allowAnonymous' | 'credentials'>): void {
  if (allowAnonymous || credentials !== undefined || !isOpenToOthers({ host })) return;
  throw new ConfigError(
    `HOST is ${host}, not the loopback, and there are no credentials: anyone who reaches this address could change ` +
      'jobs; set API_KEYS_FILE, JWT_JWKS_URL or ACTOR_HEADER, HOST=127.0.0.1, or ALLOW_ANONYMOUS=true if something ' +
      'else keeps them out',
  );
}

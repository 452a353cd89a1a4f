import { ConfigError, type Config } from '../config/config.js';
import { canonicalHost, isLoopback } from '../http/host-names.js';

/** Whether others than this machine can reach the service. A name counts as theirs, whatever it leads to. */
export function isOpenToOthers({ host }: Pick<Config, 'host'>): boolean {
  return !isLoopback(canonicalHost(host) ?? host);
}

/** @throws ConfigError when nobody has said that others may use the service without credentials */
export function refuseOpenPort({ host, allowAnonymous }: Pick<Config, 'host' | 'allowAnonymous'>): void {
  if (allowAnonymous || !isOpenToOthers({ host })) return;
  throw new ConfigError(
    `HOST is ${host}, not the loopback, and there are no credentials: anyone who reaches this address could change ` +
      'jobs; set ALLOW_ANONYMOUS=true if something else keeps them out, or HOST=127.0.0.1',
  );
}

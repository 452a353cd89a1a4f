import type { Config } from '../config/config.js';
import { probeLimits, publicLimits } from '../http/http-limits.js';
import type { Api } from '../http/api.js';
import { createHttpServer } from '../http/server.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

export interface Listeners {
  /**
   * @returns the addresses, such as http://127.0.0.1:3000; `probes` only with a port of their own
   * @throws ListenError
   */
  listen(): Promise<{ address: string; probes?: string }>;
  /** The probes are answered until the last request is. */
  close(): Promise<void>;
}

const DRAIN_MS = 10_000;
const DRAIN_PROBES_MS = 1_000;

/** The public port, and that of the probes where there is one. */
export function createListeners(
  { host, port, probePort }: Pick<Config, 'host' | 'port' | 'probePort'>,
  { api, probes }: Api,
  { clock, logger }: { clock: Clock; logger: Logger },
): Listeners {
  const main = createHttpServer(
    api,
    { host, port, portVariable: 'PORT', drainMs: DRAIN_MS, limits: publicLimits },
    { clock, logger },
  );
  if (probePort === undefined)
    return { listen: async () => ({ address: await main.listen() }), close: () => main.close() };
  const aside = createHttpServer(
    probes,
    { host, port: probePort, portVariable: 'PROBE_PORT', drainMs: DRAIN_PROBES_MS, limits: probeLimits },
    { clock, logger },
  );
  return {
    async listen() {
      const address = await aside.listen();
      return { address: await main.listen(), probes: address };
    },
    async close() {
      await main.close();
      await aside.close();
    },
  };
}

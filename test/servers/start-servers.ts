import type { Obtained } from './obtained.js';
import { obtainServer, type Kept, type ObtainOptions } from './obtain-server.js';
import { serverNames, serverPlans, type ServerName } from './server-plans.js';

export interface Servers {
  kafka: Obtained;
  mongodb: Obtained;
  eventstore: Obtained;
  /** Stops what was started here; what was given stays. */
  stop: () => Promise<void>;
}

const NOT_ASKED_FOR: Kept = {
  obtained: { kind: 'missing', reason: 'not asked for' },
  stop: () => Promise.resolve(),
};

/** Obtains servers at once, by default all. Never rejects: an unavailable one is missing, with the reason. */
export async function startServers(
  names: readonly ServerName[] = serverNames,
  options?: ObtainOptions,
): Promise<Servers> {
  const obtain = (name: ServerName): Promise<Kept> =>
    names.includes(name) ? obtainServer(serverPlans[name], options) : Promise.resolve(NOT_ASKED_FOR);
  const [kafka, mongodb, eventstore] = await Promise.all([
    obtain('kafka'),
    obtain('mongodb'),
    obtain('eventstore'),
  ]);
  return {
    kafka: kafka.obtained,
    mongodb: mongodb.obtained,
    eventstore: eventstore.obtained,
    async stop() {
      await Promise.all([kafka.stop(), mongodb.stop(), eventstore.stop()]);
    },
  };
}

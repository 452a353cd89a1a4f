import type { Obtained } from './obtained.js';
import { obtainServer } from './obtain-server.js';
import { serverPlans } from './server-plans.js';

export interface Servers {
  kafka: Obtained;
  mongodb: Obtained;
  eventstore: Obtained;
  /** Stops what was started here; what was given stays. */
  stop(): Promise<void>;
}

/** Obtains all servers at once. Never rejects: an unavailable one is missing, with the reason. */
export async function startServers(): Promise<Servers> {
  const [kafka, mongodb, eventstore] = await Promise.all([
    obtainServer(serverPlans.kafka),
    obtainServer(serverPlans.mongodb),
    obtainServer(serverPlans.eventstore),
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

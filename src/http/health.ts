import { Router } from 'express';
import type { EventLog } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import { onlyMethods } from './only-methods.js';

export type Phase = 'starting' | 'ready' | 'stopping';

export interface HealthDependencies {
  phase: () => Phase;
  /** Which adapter serves each port. */
  adapters: Readonly<Record<'event_log' | 'read_store' | 'registry' | 'message_bus', string>>;
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
}

/**
 * Liveness depends on nothing. Readiness is 503 only while the service starts or stops: a store that is down shows as
 * degraded in the body, or a balancer would take every instance away at once.
 */
export function healthRoutes({ phase, adapters, log, store, registry }: HealthDependencies): Router {
  const router = Router();
  router
    .route('/livez')
    .get((_request, response) => {
      response.json({ status: 'ok' });
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const checks = {
        event_log: await check(adapters.event_log, () => log.head()),
        read_store: await check(adapters.read_store, () => store.readCheckpoint('jobs')),
        registry: await check(adapters.registry, () => registry.pages()[Symbol.asyncIterator]().next()),
        message_bus: { adapter: adapters.message_bus, status: 'ok' },
      };
      const status = phase();
      response.status(status === 'ready' ? 200 : 503).json({ status, dependencies: checks });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function check(
  adapter: string,
  ask: () => Promise<unknown>,
): Promise<{ adapter: string; status: 'ok' | 'degraded' }> {
  try {
    await ask();
    return { adapter, status: 'ok' };
  } catch {
    // Why it is down stands in the log of whatever needed it; here it is only shown.
    return { adapter, status: 'degraded' };
  }
}

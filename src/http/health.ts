import { Router } from 'express';
import type { EventLog } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import { onlyMethods } from './only-methods.js';

export type Phase = 'starting' | 'ready' | 'stopping';

export interface HealthDependencies {
  phase: () => Phase;
  /** Which adapter serves each port. */
  adapters: Readonly<Record<'event_log' | 'read_store' | 'registry' | 'message_bus', string>>;
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
  clock: Clock;
}

interface Dependency {
  adapter: string;
  status: 'ok' | 'degraded';
}

const ANSWER_WITHIN_MS = 1_000;

/**
 * Liveness depends on nothing. Readiness is 503 only while the service starts or stops: a store that is down shows as
 * degraded in the body, or a balancer would take every instance away at once.
 */
export function healthRoutes({ phase, adapters, log, store, registry, clock }: HealthDependencies): Router {
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
        event_log: await check(clock, adapters.event_log, () => log.head()),
        read_store: await check(clock, adapters.read_store, () => store.readCheckpoint('jobs')),
        registry: await check(clock, adapters.registry, () =>
          registry.pages()[Symbol.asyncIterator]().next(),
        ),
        message_bus: { adapter: adapters.message_bus, status: 'ok' },
      };
      const status = phase();
      response.status(status === 'ready' ? 200 : 503).json({ status, dependencies: checks });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function check(clock: Clock, adapter: string, ask: () => Promise<unknown>): Promise<Dependency> {
  const answered = new AbortController();
  try {
    const inTime = await Promise.race([
      ask().then(() => true),
      clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(() => false),
    ]);
    return { adapter, status: inTime ? 'ok' : 'degraded' };
  } catch {
    // Why it is down stands in the log of whatever needed it; here it is only shown.
    return { adapter, status: 'degraded' };
  } finally {
    answered.abort();
  }
}

import { Router } from 'express';
import type { Clock } from '../ports/clock.js';
import { onlyMethods } from './only-methods.js';

export type Phase = 'starting' | 'ready' | 'stopping';

export interface HealthDependencies {
  phase: () => Phase;
  /** What the service depends on. */
  dependencies: Readonly<Record<'event_log' | 'read_store' | 'registry' | 'message_bus', Dependency>>;
  clock: Clock;
}

export interface Dependency {
  /** Which adapter serves the port. */
  adapter: string;
  /** Rejects when it is not well. */
  check: () => Promise<unknown>;
}

interface Checked {
  adapter: string;
  status: 'ok' | 'degraded';
}

const ANSWER_WITHIN_MS = 1_000;

/**
 * Liveness depends on nothing. Readiness is 503 only while the service starts or stops: a store that is down shows as
 * degraded in the body, or a balancer would take every instance away at once.
 */
export function healthRoutes({ phase, dependencies, clock }: HealthDependencies): Router {
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
      const checked = await Promise.all(
        Object.entries(dependencies).map(
          async ([name, dependency]) => [name, await check(clock, dependency)] as const,
        ),
      );
      const status = phase();
      response
        .status(status === 'ready' ? 200 : 503)
        .json({ status, dependencies: Object.fromEntries(checked) });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function check(clock: Clock, { adapter, check: ask }: Dependency): Promise<Checked> {
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

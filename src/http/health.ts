import { Router } from 'express';
import type { Leadership } from '../leadership/leadership.js';
import type { Clock } from '../ports/clock.js';
import { inTime } from '../waiting/in-time.js';
import { onlyMethods } from './only-methods.js';
import { RETRY_AFTER_SECONDS } from './retry-after.js';

export type Phase = 'starting' | 'ready' | 'stopping';

export interface HealthDependencies {
  /** Of the service, as its package has it. */
  version: string;
  phase: () => Phase;
  /** What the service depends on. */
  dependencies: Readonly<Record<'event_log' | 'read_store' | 'registry' | 'message_bus', Dependency>>;
  leadership: Pick<Leadership, 'state'>;
  clock: Clock;
}

export interface Dependency {
  /** Which adapter serves the port. */
  adapter: string;
  /** Rejects when it is not well. */
  check: () => Promise<unknown>;
}

export interface CheckedDependency {
  adapter: string;
  status: 'ok' | 'degraded';
}

const ANSWER_WITHIN_MS = 1_000;

/**
 * Liveness depends on nothing. Readiness is 503 only while the service starts or stops: a store that is down shows as
 * degraded in the body, or a balancer would take every instance away at once.
 */
export function healthRoutes({
  version,
  phase,
  dependencies,
  leadership,
  clock,
}: HealthDependencies): Router {
  const router = Router();
  router
    .route('/livez')
    .get((_request, response) => {
      response.json({ status: 'ok', version });
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const checked = await checkAll(dependencies, clock);
      const status = phase();
      if (status !== 'ready') response.set('Retry-After', String(RETRY_AFTER_SECONDS.starting));
      const role = leadership.state().leading ? 'leader' : 'follower';
      response.status(status === 'ready' ? 200 : 503).json({ status, role, dependencies: checked });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** Checks all at once; one that takes too long counts as degraded. */
export async function checkAll(
  dependencies: HealthDependencies['dependencies'],
  clock: Clock,
): Promise<Record<string, CheckedDependency>> {
  const checked = await Promise.all(
    Object.entries(dependencies).map(
      async ([name, dependency]) => [name, await check(clock, dependency)] as const,
    ),
  );
  return Object.fromEntries(checked);
}

async function check(clock: Clock, { adapter, check: ask }: Dependency): Promise<CheckedDependency> {
  try {
    const answered = await inTime(
      clock,
      ANSWER_WITHIN_MS,
      ask().then(() => true),
    );
    return { adapter, status: answered ? 'ok' : 'degraded' };
  } catch {
    // Its callers log why it is down; here it is only shown.
    return { adapter, status: 'degraded' };
  }
}

import { checkAll, type HealthDependencies } from '../http/health.js';
import type { Messaging } from '../messaging/messaging.js';
import type { Adapters } from '../ports/adapters.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { adapterNames } from './open-adapters.js';

type Dependencies = HealthDependencies['dependencies'];

/** The service's dependencies and their health checks. */
export function dependenciesOf(
  { log, store, registry }: Pick<Adapters, 'log' | 'store' | 'registry'>,
  names: ReturnType<typeof adapterNames>,
  messaging: Messaging | undefined,
): Dependencies {
  return {
    event_log: { adapter: names.event_log, check: () => log.head() },
    read_store: { adapter: names.read_store, check: () => store.readCheckpoint('jobs') },
    registry: { adapter: names.registry, check: () => firstPage(registry) },
    message_bus: { adapter: names.message_bus, check: async () => messaging?.check() },
  };
}

/** By name. */
export async function whichAreWell(
  dependencies: Dependencies,
  clock: Clock,
): Promise<Record<string, boolean>> {
  const checked = Object.entries(await checkAll(dependencies, clock));
  return Object.fromEntries(checked.map(([name, { status }]) => [name, status === 'ok']));
}

/** Leaving the loop ends the walk, or a server would keep its cursor. */
async function firstPage(registry: CertificationRegistry): Promise<void> {
  for await (const page of registry.pages()) if (page.length > 0) break;
}

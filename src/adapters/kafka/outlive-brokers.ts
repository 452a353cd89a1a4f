import type { Broker, Cluster } from 'kafkajs';
import type { Clock } from '../../ports/clock.js';
import { isUnreachable } from './kafka-error.js';
import type { KafkaTimings } from './kafka-options.js';
import type { Membership } from './membership.js';
import { rejoining } from './rejoining.js';

export interface OutliveBrokers {
  membership: Pick<Membership, 'pause' | 'isEnding'>;
  clock: Clock;
  timings: Pick<KafkaTimings, 'pollMs' | 'callMs'>;
}

/** What a member asks its coordinator. */
const OF_A_MEMBER = ['joinGroup', 'syncGroup', 'heartbeat', 'offsetCommit', 'offsetFetch'] as const;

/**
 * From now on the consumer of this cluster goes on fetching from the other brokers when it cannot connect to one. kafkajs
 * would stop all fetches and heartbeats, for longer and longer, and give up before the brokers have missed one that died (9 s).
 * A broker that is not found it only looks up again.
 */
export function fetchFromOthers(cluster: Cluster, { membership, timings }: OutliveBrokers): void {
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = async (asked) => {
    try {
      return await findBroker(asked);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      await membership.pause(timings.pollMs);
      throw Object.assign(new Error(String(error), { cause: error }), { name: 'KafkaJSBrokerNotFound' });
    }
  };
}

/**
 * Finds the coordinator of a group, again and again while the brokers have not agreed on one that can be reached. When that
 * is gone in turn, the member joins at the next one, as the same member. kafkajs would ask the one that is gone until it
 * gives up; and the group would wait for that member's session to end before it takes in the new one.
 * @param find finds it once
 * @throws the last error, after `callMs` or when the consumer is to end; any other at once
 */
export async function findLivingCoordinator(
  find: () => Promise<unknown>,
  { membership, clock, timings }: OutliveBrokers,
): Promise<unknown> {
  const giveUpAt = clock.monotonic() + timings.callMs;
  for (;;) {
    try {
      return tellingWhenGone((await find()) as Broker);
    } catch (error) {
      if (!isUnreachable(error) || membership.isEnding() || clock.monotonic() >= giveUpAt) throw error;
      await membership.pause(timings.pollMs);
    }
  }
}

/** The same broker; when it cannot be reached, its errors are of the type after which kafkajs joins anew. */
function tellingWhenGone(broker: Broker): Broker {
  const telling = Object.create(broker) as Record<string, (asked: unknown) => Promise<unknown>>;
  const asking = broker as unknown as typeof telling;
  for (const name of OF_A_MEMBER) {
    telling[name] = async (asked) => {
      try {
        return await asking[name]?.(asked);
      } catch (error) {
        throw isUnreachable(error) ? rejoining(error) : error;
      }
    };
  }
  return telling as unknown as Broker;
}

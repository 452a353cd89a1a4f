import kafkajs, { type PartitionAssigner } from 'kafkajs';
import type { KafkaContext } from './kafka-options.js';
import type { Membership } from './membership.js';
import { fetchFromOthers, findLivingCoordinator } from './outlive-brokers.js';
import { boundFetches } from './reading/bounded-fetches.js';

const { PartitionAssigners } = kafkajs;

/**
 * The usual partition assigner; in addition, the consumer rejoins its group only when nothing is in hand, so that the
 * others wait for that before they get the partitions. kafkajs has no hook between the end of fetching and the rejoin;
 * but the rejoin begins with the search for the coordinator, which assigners can reach. So this is also where its fetches
 * are bounded, and where it is made to outlive its brokers.
 */
export function joinWhenIdle(membership: Membership, context: KafkaContext): PartitionAssigner {
  return (config) => {
    const held = boundFetches(config.cluster, context);
    const outlive = { membership, clock: context.clock, timings: context.timings };
    fetchFromOthers(config.cluster, outlive);
    const cluster = config.cluster as unknown as {
      findGroupCoordinator: (asked: unknown) => Promise<unknown>;
    };
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (asked) => {
      membership.lose(new Error('the group is joined anew'));
      await membership.idle();
      held.clear();
      return findLivingCoordinator(() => find(asked), outlive);
    };
    return PartitionAssigners.roundRobin(config);
  };
}

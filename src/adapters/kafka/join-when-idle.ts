import kafkajs, { type PartitionAssigner } from 'kafkajs';
import type { Membership } from './membership.js';

const { PartitionAssigners } = kafkajs;

/**
 * The usual assigner of partitions; and a group is joined anew only when nothing is in hand, so that the others wait
 * for that before they get the partitions. kafkajs has no hook for it: it lets nothing wait between the end of its
 * fetching and its next joining, which begins with the search for the coordinator. That it shows to assigners.
 */
export function joinWhenIdle(membership: Membership): PartitionAssigner {
  return (config) => {
    const cluster = config.cluster as unknown as {
      findGroupCoordinator: (asked: unknown) => Promise<unknown>;
    };
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (asked) => {
      membership.lose(new Error('the group is joined anew'));
      await membership.idle();
      return find(asked);
    };
    return PartitionAssigners.roundRobin(config);
  };
}

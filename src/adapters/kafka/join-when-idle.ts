import kafkajs, { type PartitionAssigner } from 'kafkajs';
import type { Membership } from './membership.js';

const { PartitionAssigners } = kafkajs;

/**
 * The usual partition assigner; in addition, the consumer rejoins its group only when nothing is in hand, so that the
 * others wait for that before they get the partitions. kafkajs has no hook between the end of fetching and the rejoin;
 * but the rejoin begins with the search for the coordinator, which assigners can reach.
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

import type { Cluster, Kafka } from 'kafkajs';

/**
 * The layer below kafkajs's producers and consumers: metadata, offsets, single requests. kafkajs exposes it only to
 * assigners, as soon as a consumer is created; so this creates one that never joins its group. A consumer that did join
 * would need rights on a group, and wait `group.initial.rebalance.delay.ms` (3 s) just to read one message.
 */
export function kafkaCluster(kafka: Kafka): Cluster {
  let found: Cluster | undefined;
  kafka.consumer({
    groupId: 'never joined',
    readUncommitted: true,
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        found = cluster;
        return {
          name: 'none',
          version: 0,
          assign: () => Promise.resolve([]),
          protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }),
        };
      },
    ],
  });
  if (found === undefined) throw new Error('kafkajs has not asked its assigners');
  return found;
}

/**
 * One node that is broker and controller, for tests: nothing is replicated, groups start at once, and no topic
 * appears by itself. Clients of the listener PROXIED are told `proxied.advertised`, where a test puts a proxy.
 */
export function kafkaSettings(listen: {
  plain: Listener;
  proxied: Listener;
  controller: string;
}): Record<string, string> {
  return {
    'node.id': '1',
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://${listen.plain.bound},PROXIED://${listen.proxied.bound},CONTROLLER://${listen.controller}`,
    'advertised.listeners': `PLAINTEXT://${listen.plain.advertised},PROXIED://${listen.proxied.advertised}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'auto.create.topics.enable': 'false',
  };
}

/** Host and port, as Kafka binds and as clients are told. */
export interface Listener {
  bound: string;
  advertised: string;
}

/**
 * One node as broker and controller, for tests: no replication, groups start at once, and no topic is created
 * automatically. Clients of a PROXIED listener get its `advertised` address, where a test puts a proxy.
 */
export function kafkaSettings(listen: {
  plain: Listener;
  proxied: readonly Listener[];
  controller: string;
}): Record<string, string> {
  const proxied = listen.proxied.map((listener, index) => ({ ...listener, name: `PROXIED${index}` }));
  const named = [{ ...listen.plain, name: 'PLAINTEXT' }, ...proxied];
  return {
    'node.id': '1',
    'process.roles': 'broker,controller',
    listeners: [
      ...named.map(({ name, bound }) => `${name}://${bound}`),
      `CONTROLLER://${listen.controller}`,
    ].join(),
    'advertised.listeners': named.map(({ name, advertised }) => `${name}://${advertised}`).join(),
    'listener.security.protocol.map': ['CONTROLLER', ...named.map(({ name }) => name)]
      .map((name) => `${name}:PLAINTEXT`)
      .join(),
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

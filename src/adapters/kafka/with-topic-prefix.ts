import type { IncomingMessage, MessageBus, Producer } from '../../ports/message-bus.js';

/** The same bus with a prefix before the names of all topics and groups, so that several services can share brokers. */
export function withTopicPrefix(bus: MessageBus, prefix: string): MessageBus {
  const outside = <T extends { topic: string }>(named: T): T => ({ ...named, topic: prefix + named.topic });
  const inside = (message: IncomingMessage): IncomingMessage => ({
    ...message,
    topic: message.topic.slice(prefix.length),
  });

  return {
    createTopics: (topics) =>
      bus.createTopics(topics.map((topic) => ({ ...topic, name: prefix + topic.name }))),
    async openProducer(): Promise<Producer> {
      const producer = await bus.openProducer();
      return {
        tails: async (topics) => (await producer.tails(topics.map((topic) => prefix + topic))).map(inside),
        partitionOf: (message) => producer.partitionOf(outside(message)),
        send: (messages) => producer.send(messages.map(outside)),
        close: () => producer.close(),
      };
    },
    consume: (consumption) =>
      bus.consume({
        ...consumption,
        topic: prefix + consumption.topic,
        group: prefix + consumption.group,
        handle: (messages, signal) => consumption.handle(messages.map(inside), signal),
      }),
    check: () => bus.check(),
    close: () => bus.close(),
  };
}

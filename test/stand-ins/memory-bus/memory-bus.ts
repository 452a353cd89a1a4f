import type { Consumption, IncomingMessage, MessageBus, Topic } from '../../../src/ports/message-bus.js';
import type { Clock } from '../../../src/ports/clock.js';
import { consumeInMemory, type MemoryGroup } from './memory-consumer.js';
import {
  failInMemory,
  openMemoryProducer,
  type MemoryProducerWorld,
  type SendFault,
} from './memory-producer.js';

/** Brokers in memory, with topics as Kafka has them, and faults on demand. */
export interface MemoryBrokers {
  /** A bus of its own, as of another process. */
  openBus(): MessageBus;
  /** While they are down each call rejects, and nothing is delivered. */
  setDown(down: boolean): void;
  /** The next send of any producer rejects. */
  failNextSend(fault: SendFault): void;
  failNextTails(): void;
  /** What is in a topic, by partition and then offset. */
  messagesOf(topic: string): IncomingMessage[];
}

interface StoredTopic extends Topic {
  logs: IncomingMessage[][];
}

export interface MemoryBrokersOptions {
  /** First pause before messages are redelivered; it doubles. */
  redeliverMs?: number;
  /** Limit of one send to a partition, in characters and bytes. */
  maxMessageBytes?: number;
  clock: Clock;
}

export function createMemoryBrokers(options: MemoryBrokersOptions): MemoryBrokers {
  const { redeliverMs = 20, maxMessageBytes = 1_048_576, clock } = options;
  const topics = new Map<string, StoredTopic>();
  const groups = new Map<string, MemoryGroup>();
  const world: MemoryProducerWorld = {
    clock,
    maxMessageBytes,
    isDown: () => down,
    logsOf: (topic) => topicNamed(topic).logs,
    changed,
    takeSendFault() {
      const fault = nextSend;
      nextSend = undefined;
      return fault;
    },
    takeTailsFault() {
      const fails = nextTailsFail;
      nextTailsFail = false;
      return fails;
    },
  };
  let down = false;
  let nextSend: SendFault | undefined;
  let nextTailsFail = false;

  function topicNamed(name: string): StoredTopic {
    return topics.get(name) ?? failInMemory(`there is no topic ${name}`);
  }

  const groupFor = (name: string, topic: string): MemoryGroup => {
    const key = `${name} ${topic}`;
    const group = groups.get(key) ?? { committed: new Map(), members: new Set(), busy: new Set() };
    groups.set(key, group);
    return group;
  };

  function changed(): void {
    for (const group of groups.values()) for (const member of group.members) member.wake();
  }

  function openBus(): MessageBus {
    const closing = new AbortController();
    const consuming = new Set<Promise<void>>();
    return {
      async createTopics(wanted) {
        await clock.yield();
        if (down) failInMemory('down');
        for (const topic of wanted) {
          if (topics.has(topic.name)) continue;
          topics.set(topic.name, { ...topic, logs: Array.from({ length: topic.partitions }, () => []) });
        }
        changed();
      },
      openProducer: () => openMemoryProducer(world),
      async consume(consumption: Consumption) {
        const work = consumeInMemory({
          consumption,
          group: groupFor(consumption.group, consumption.topic),
          ending: AbortSignal.any([consumption.signal, closing.signal]),
          logs: () => (down ? [] : (topics.get(consumption.topic)?.logs ?? [])),
          redeliverMs,
          clock,
        });
        consuming.add(work);
        await work;
        consuming.delete(work);
      },
      async check() {
        await clock.yield();
        if (down) failInMemory('down');
      },
      async close() {
        closing.abort();
        await Promise.all(consuming);
      },
    };
  }

  return {
    openBus,
    setDown(isDown) {
      down = isDown;
      changed();
    },
    failNextSend: (fault) => void (nextSend = fault),
    failNextTails: () => void (nextTailsFail = true),
    messagesOf: (topic) => topicNamed(topic).logs.flat(),
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Message } from 'kafkajs';

/** Another service's producer. What it sends may be there several times. */
export interface InsistentProducer {
  /** Sends the message again and again, until all in-sync replicas have it. */
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

const AGAIN_MS = 200;

export async function openInsistentProducer(brokers: string, topic: string): Promise<InsistentProducer> {
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 3_000,
    retry: { retries: 2, initialRetryTime: 100 },
  });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();

  /** @returns whether it was acknowledged */
  async function trySending(message: Message): Promise<boolean> {
    try {
      // One at a time: of several, kafkajs leaves out those of a partition that moves between two attempts.
      const answers = await producer.send({ topic, acks: -1, messages: [message] });
      return answers.length > 0;
    } catch {
      // Its partition has no leader at the moment, or too few replicas.
      return false;
    }
  }

  return {
    async send(message) {
      while (!(await trySending(message))) await pause(AGAIN_MS);
    },
    close: () => producer.disconnect(),
  };
}

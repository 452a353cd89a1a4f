import kafkajs, { type Message } from 'kafkajs';
import { eventually } from '../../support/eventually.js';
import { codecOf, compressors } from './compressors.js';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

export interface RawProducer {
  /** Sends them as one batch. @param compression Kafka's name of the codec, as in `compressors` */
  send(topic: string, messages: readonly Message[], compression?: string): Promise<void>;
  /** So that the topic takes larger batches than usual. */
  createTopic(topic: string, partitions: number, settings?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** A producer that may send anything. @param brokers as in TEST_KAFKA_BROKERS */
export async function openRawProducer(brokers: string): Promise<RawProducer> {
  const kafka = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    requestTimeout: 60_000,
  });
  const producer = kafka.producer({
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  const admin = kafka.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  return {
    async send(topic, messages, compression) {
      const compress = compressors[compression ?? ''];
      const type = codecOf(compression);
      if (compress !== undefined && type !== CompressionTypes.None) {
        CompressionCodecs[type] = () => ({
          compress: (encoder: { buffer: Buffer }) => Promise.resolve(compress(encoder.buffer)),
          decompress: () => Promise.reject(new Error('only sends')),
        });
      }
      await producer.send({ topic, compression: type, messages: [...messages] });
    },
    async createTopic(topic, partitions, settings = {}) {
      const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions: partitions, configEntries }],
      });
      // KafkaJS waits for leaders, but fails when the broker has not heard of the topic yet.
      await eventually('the topic has leaders', () =>
        admin.fetchTopicMetadata({ topics: [topic] }).then(
          ({ topics: [only] }) => only?.partitions.every(({ leader }) => leader >= 0),
          () => false,
        ),
      );
    },
    async close() {
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
}

import kafkajs from 'kafkajs';
import { MongoClient } from 'mongodb';

/** Their names differ in the last letter, so they are on as many partitions of the broker's own topic in a row. */
const GROUPS = ['ready-0', 'ready-1', 'ready-2', 'ready-3'];

/** Resolves when a broker is there, known to the cluster, and coordinates groups on each of the four partitions. */
export async function askKafka(brokers: string): Promise<void> {
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    // Until it has registered with its controller, a broker answers and names none.
    if (cluster.brokers.length === 0) throw new Error('the cluster has no broker yet');
    // The first group makes the broker create its own topic, which takes seconds on a busy machine.
    for (const groupId of GROUPS) await admin.fetchOffsets({ groupId, topics: ['__consumer_offsets'] });
  } finally {
    await admin.disconnect();
  }
}

export async function askMongodb(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}

export async function askEventstore(url: string): Promise<void> {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(url);
  try {
    await client.readAll({ maxCount: 1 })[Symbol.asyncIterator]().next();
  } finally {
    await client.dispose();
  }
}

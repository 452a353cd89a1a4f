import type { Cluster } from 'kafkajs';

/** Resolves when one of the brokers answers. Sends the smallest request there is, since probes are frequent. */
export async function checkBrokers(cluster: Cluster): Promise<void> {
  await cluster.connect();
  if (cluster.getNodeIds().length === 0) await cluster.refreshMetadata();
  const asked = cluster.getNodeIds().map(async (id) => {
    const broker = await cluster.findBroker({ nodeId: String(id) });
    await broker.apiVersions();
  });
  await Promise.any(asked).catch((error: unknown) => {
    throw error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  });
}

import type { Cluster } from 'kafkajs';
import { within } from '../../waiting/in-time.js';
import { checkBrokers } from './check-brokers.js';
import { openKafkaClient, type KafkaClient } from './kafka-client.js';
import { kafkaCluster } from './kafka-cluster.js';
import type { KafkaContext } from './kafka-options.js';

export interface BrokersProbe {
  /**
   * Rejects when the brokers do not answer within `checkMs`. Concurrent callers share one request; it goes on after
   * they time out, and its connections are kept, so that later checks pass on a slow network.
   */
  ask(): Promise<void>;
  close(): void;
}

const ASKING = 'asking the brokers';

export function createBrokersProbe(context: KafkaContext): BrokersProbe {
  const { clock, timings } = context;
  let connected: { client: KafkaClient; cluster: Cluster } | undefined;
  let asking: Promise<void> | undefined;

  async function askBrokers(): Promise<void> {
    connected ??= connect();
    try {
      await within(clock, { ms: timings.callMs, what: ASKING }, checkBrokers(connected.cluster));
    } catch (error) {
      cut();
      throw error;
    } finally {
      asking = undefined;
    }
  }

  function connect(): { client: KafkaClient; cluster: Cluster } {
    const client = openKafkaClient(context);
    return { client, cluster: kafkaCluster(client.kafka) };
  }

  function cut(): void {
    connected?.client.cut();
    connected = undefined;
  }

  return {
    async ask() {
      asking ??= askBrokers();
      await within(clock, { ms: timings.checkMs, what: ASKING }, asking);
    },
    close: cut,
  };
}

import type { Broker, Cluster } from 'kafkajs';
import type { KafkaContext } from '../kafka-options.js';
import { readFetchAnswer } from './read-fetch-answer.js';
import { MOST_HELD_BYTES } from './most-bytes.js';

/** How much is held of each partition, until it is asked for again. */
export interface HeldMessages {
  /** Nothing is held any more. */
  clear(): void;
}

interface FetchRequest {
  topics: readonly {
    topic: string;
    partitions: readonly { partition: number; fetchOffset: string }[];
  }[];
}

/** What kafkajs has for each version of a request. */
type Protocol = (fields: unknown) => {
  request: { apiVersion: number };
  response: { decode: (answer: Buffer) => Promise<unknown>; parse: unknown };
};
type Lookup = (apiKey: number, versions: unknown) => Protocol;
type FetchingBroker = Omit<Broker, 'fetch'> & {
  fetch: (request: FetchRequest) => Promise<unknown>;
  lookupRequest: Lookup;
};

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * From now on the brokers of this cluster read the answers to their fetches within the limits of this folder. kafkajs has
 * no option for it; but each fetch asks its broker how to read the answer.
 */
export function boundFetches(
  cluster: Cluster,
  { clock, decompressing, timings }: KafkaContext,
): HeldMessages {
  const held = new Map<string, number>();
  const bound = new WeakSet();
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = async (asked) => {
    const broker = await findBroker(asked);
    if (!bound.has(broker)) bindBroker(broker as unknown as FetchingBroker);
    bound.add(broker);
    return broker;
  };

  function bindBroker(broker: FetchingBroker): void {
    const fetch = broker.fetch;
    broker.fetch = async (asked) => {
      const offsets = new Map<string, bigint>();
      for (const { topic, partitions } of asked.topics) {
        for (const { partition, fetchOffset } of partitions) {
          const place = placeOf(topic, partition);
          // What is in hand is paused: a partition that is asked for has none.
          held.delete(place);
          offsets.set(place, BigInt(fetchOffset));
        }
      }
      const room = MOST_HELD_BYTES - [...held.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (room <= 0) {
        await clock.sleep(timings.pollMs);
        return { responses: [] };
      }
      const lookupRequest: Lookup = (apiKey, versions) => (fields) => {
        const { request, response, ...others } = broker.lookupRequest(apiKey, versions)(fields);
        const decode = (answer: Buffer): Promise<unknown> =>
          readFetchAnswer(answer, request.apiVersion, {
            clock,
            decompressing,
            room,
            offsetOf: (topic, partition) => offsets.get(placeOf(topic, partition)) ?? 0n,
            onTaken: (topic, partition, bytes) => held.set(placeOf(topic, partition), bytes),
          });
        return { ...others, request, response: { decode, parse: response.parse } };
      };
      // kafkajs may connect this broker anew meanwhile, and sets its own then.
      return fetch.call(Object.create(broker, { lookupRequest: { value: lookupRequest } }), asked);
    };
  }

  return {
    clear() {
      held.clear();
    },
  };
}

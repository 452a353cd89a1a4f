import { dockerWay } from './docker-way.js';
import { eventstoreImage, kafkaImage, mongodbImage } from './docker-images.js';
import { localFerretdb } from './local-ferretdb.js';
import { localKafka } from './local-kafka.js';
import { standInEventstoredb } from './stand-in-eventstoredb.js';
import type { Way } from './way.js';

export type ServerName = keyof typeof serverPlans;

export interface ServerPlan {
  title: string;
  /** The environment variable for an existing server. */
  givenBy: string;
  /** Tried in this order. */
  ways: readonly Way[];
  /** Tried last, and only for those who want a server to work with: a test would take it for the real one. */
  standIn?: Way;
  /** Without it continuous integration fails. */
  required: boolean;
}

/** How tests obtain each server. */
export const serverPlans = {
  kafka: {
    title: 'Kafka',
    givenBy: 'KAFKA_BROKERS',
    ways: [dockerWay(kafkaImage), localKafka],
    required: true,
  },
  mongodb: {
    title: 'MongoDB',
    givenBy: 'MONGODB_URL',
    ways: [dockerWay(mongodbImage), localFerretdb],
    required: true,
  },
  eventstore: {
    title: 'EventStoreDB',
    givenBy: 'EVENTSTORE_URL',
    // It comes from no package registry, so there is no local way.
    ways: [dockerWay(eventstoreImage)],
    standIn: standInEventstoredb,
    required: false,
  },
} satisfies Record<string, ServerPlan>;

export const serverNames = Object.keys(serverPlans) as ServerName[];

/** The URL of a server, when the environment gives one. */
export function givenUrl(plan: ServerPlan): string | undefined {
  const url = process.env[plan.givenBy];
  return url === '' ? undefined : url;
}

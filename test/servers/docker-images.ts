import { askEventstore, askKafka, askMongodb } from './ask-servers.js';
import type { Image } from './docker-way.js';
import { freePorts } from './free-ports.js';
import { kafkaSettings } from './kafka-settings.js';
import { PROXIED_LISTENERS, proxiedListeners } from './obtained.js';

const MONGODB_PORT = 27_017;
const EVENTSTORE_PORT = 2_113;
const KAFKA_PORT = 9_092;
const KAFKA_CONTROLLER = 'localhost:9093';
/** The first of those in the container. */
const KAFKA_PROXIED_PORT = 9_094;

export const mongodbImage: Image = {
  image: 'mongo:8',
  configure: (container) => ({
    container: container.withExposedPorts(MONGODB_PORT),
    reached: (started) => ({
      url: `mongodb://${started.getHost()}:${started.getMappedPort(MONGODB_PORT)}/?directConnection=true`,
    }),
  }),
  ask: askMongodb,
};

export const eventstoreImage: Image = {
  image: 'eventstore/eventstore:24.10',
  configure: (container) => ({
    container: container
      .withEnvironment({
        EVENTSTORE_CLUSTER_SIZE: '1',
        EVENTSTORE_INSECURE: 'true',
        EVENTSTORE_MEM_DB: 'true',
        EVENTSTORE_RUN_PROJECTIONS: 'None',
      })
      .withExposedPorts(EVENTSTORE_PORT),
    reached: (started) => ({
      url: `esdb://${started.getHost()}:${started.getMappedPort(EVENTSTORE_PORT)}?tls=false`,
    }),
  }),
  ask: askEventstore,
};

export const kafkaImage: Image = {
  image: 'apache/kafka:4.1.1',
  async configure(container, host) {
    // Kafka tells its clients its address, so the ports outside are known before it starts.
    const [port = 0, ...ports] = await freePorts(1 + 2 * PROXIED_LISTENERS);
    const proxied = proxiedListeners(ports, host);
    const settings = {
      ...kafkaSettings({
        plain: { bound: `0.0.0.0:${KAFKA_PORT}`, advertised: `${host}:${port}` },
        proxied: proxied.map(({ proxyPort }, index) => ({
          bound: `0.0.0.0:${KAFKA_PROXIED_PORT + index}`,
          advertised: `127.0.0.1:${proxyPort}`,
        })),
        controller: KAFKA_CONTROLLER,
      }),
      'controller.quorum.voters': `1@${KAFKA_CONTROLLER}`,
    };
    return {
      container: container
        .withEnvironment({ ...asEnvironment(settings), KAFKA_HEAP_OPTS: '-Xmx512m' })
        .withExposedPorts(
          { container: KAFKA_PORT, host: port },
          ...proxied.map(({ targetPort }, index) => ({
            container: KAFKA_PROXIED_PORT + index,
            host: targetPort,
          })),
        ),
      reached: () => ({ url: `${host}:${port}`, proxied }),
    };
  },
  ask: askKafka,
};

/** As the image reads it: KAFKA_NODE_ID is node.id. */
function asEnvironment(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]),
  );
}

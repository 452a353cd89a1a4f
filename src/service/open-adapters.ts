import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inTime } from '../waiting/in-time.js';
import { ConfigError, type Config } from '../config/config.js';
import type { KafkaConfig } from '../config/kafka.js';
import { withTopicPrefix } from '../adapters/kafka/with-topic-prefix.js';
import type { Adapters, SystemAdapters } from '../ports/adapters.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { EventLog } from '../ports/event-log.js';
import type { MessageBus } from '../ports/message-bus.js';
import type { ReadGenerations } from '../ports/read-generations.js';
import type { ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { createUnfailingLogger } from './unfailing-logger.js';

/** The only place that knows which adapter serves which port. SDKs are loaded only when they are used. */

/** A reader that takes nothing for so long is not waited for. */
const OUTPUT_TAKEN_WITHIN_MS = 500;

/** Which adapter serves each port. */
export function adapterNames({ eventStoreUrl, mongodbUrl, kafka }: Config) {
  const documents = mongodbUrl === undefined ? 'sqlite' : 'mongodb';
  return {
    event_log: eventStoreUrl === undefined ? 'sqlite' : 'eventstoredb',
    read_store: documents,
    registry: documents,
    message_bus: kafka === undefined ? 'in-process' : 'kafka',
  };
}

/** Opens the adapters not given: configured servers, and embedded stores under DATA_DIR for the rest. */
export async function openAdapters(config: Config, overrides: Partial<Adapters> = {}): Promise<Adapters> {
  const system = await openSystem(config, overrides);
  const { instance, tzdataVersion, clock, ids } = system;
  const { createSparingLogger } = await import('../adapters/system/sparing-logger.js');
  const logger = createSparingLogger(system.logger, clock);
  const lost = new AbortController();
  const onLost = (error: StoreError): void => {
    lost.abort(error);
  };
  const documents = await openDocuments(config, system, onLost);
  const log = overrides.log ?? (await openEventLog(config, system, onLost));
  const store = overrides.store ?? documents.store();
  const registry = overrides.registry ?? documents.registry();
  const bus = overrides.bus ?? (config.kafka && (await openBus(config.kafka, { clock, ids, logger })));
  return {
    instance,
    tzdataVersion,
    clock,
    ids,
    logger,
    log,
    store,
    registry,
    bus,
    lost: lost.signal,
    async close() {
      await bus?.close();
      await Promise.all([log.close(), store.close(), registry.close()]);
      await documents.close();
      logger.end();
    },
  };
}

export async function openSystem(config: Config, overrides: Partial<Adapters> = {}): Promise<SystemAdapters> {
  const { systemClock } = await import('../adapters/system/clock.js');
  const { systemIds } = await import('../adapters/system/ids.js');
  const { instanceName } = await import('../adapters/system/instance-name.js');
  const { tzdataVersion } = await import('../adapters/system/tzdata-version.js');
  const logger =
    overrides.logger ?? (await import('../adapters/system/logger.js')).createLogger(config.logLevel);
  return {
    instance: overrides.instance ?? instanceName(),
    tzdataVersion: overrides.tzdataVersion ?? tzdataVersion,
    clock: overrides.clock ?? systemClock,
    ids: overrides.ids ?? systemIds,
    logger: createUnfailingLogger(logger),
  };
}

/** Resolves when the lines written so far are taken, or nobody takes them for a while. */
export async function outputTaken(): Promise<void> {
  const { systemClock } = await import('../adapters/system/clock.js');
  const taken = [process.stdout, process.stderr].map(
    (stream) => new Promise((resolve) => stream.write('', resolve)),
  );
  await inTime(systemClock, OUTPUT_TAKEN_WITHIN_MS, Promise.all(taken));
}

/**
 * The event log alone, for the tools that read it.
 * @throws StoreError when there is none: a tool must not make an empty one and find nothing wrong with it
 */
export async function openExistingLog(config: Config, system: SystemAdapters): Promise<EventLog> {
  const path = dataFile(config, 'log.db');
  if (config.eventStoreUrl === undefined && !existsSync(path))
    throw new StoreError('store_unavailable', `${path}: there is no event log here; is DATA_DIR right?`);
  return openEventLog(config, system);
}

/** Called when the file of a store is gone while it is open. */
type OnLost = (error: StoreError) => void;

async function openEventLog(
  config: Config,
  { clock, ids }: SystemAdapters,
  onLost?: OnLost,
): Promise<EventLog> {
  if (config.eventStoreUrl !== undefined) {
    const { openEventStoreLog } = await import('../adapters/eventstoredb/event-log.js');
    return openEventStoreLog({ clock, url: config.eventStoreUrl });
  }
  const { openSqliteEventLog } = await import('../adapters/sqlite/event-log.js');
  return openSqliteEventLog({ clock, ids, path: dataFile(config, 'log.db'), ...(onLost && { onLost }) });
}

/** Read models and registry: files of their own, or one database with one client for both. */
export interface Documents {
  store(): ReadStore;
  /** Of the read models that `store` opens. */
  generations(): ReadGenerations;
  registry(): CertificationRegistry;
  /** Closes what the two share. */
  close(): Promise<void>;
}

export async function openDocuments(
  config: Config,
  { clock, ids, logger }: SystemAdapters,
  onLost?: OnLost,
): Promise<Documents> {
  if (config.mongodbUrl !== undefined) {
    const { openMongo } = await import('../adapters/mongodb/open-mongo.js');
    const { createMongoReadStore } = await import('../adapters/mongodb/read-store.js');
    const { createMongoGenerations } = await import('../adapters/mongodb/read-generations.js');
    const { createMongoRegistry } = await import('../adapters/mongodb/certification-registry.js');
    const mongo = openMongo(config.mongodbUrl);
    return {
      store: () => createMongoReadStore(mongo, clock),
      generations: () => createMongoGenerations(mongo),
      registry: () => createMongoRegistry(mongo, clock),
      close: () => mongo.close(),
    };
  }
  const { openSqliteReadStore } = await import('../adapters/sqlite/read-store.js');
  const { openSqliteGenerations } = await import('../adapters/sqlite/read-generations.js');
  const { openOrSetAside } = await import('../adapters/sqlite/set-aside.js');
  const { openSqliteRegistry } = await import('../adapters/sqlite/certification-registry.js');
  const readModelsLost: OnLost = (err) => {
    logger.warn({ err }, 'read.db was taken away: its rows are made anew from the log');
  };
  const onRead = onLost && { onLost: readModelsLost };
  const onRegistry = onLost && { onLost };
  const onConvert = (records: number): void => {
    logger.warn(
      { records },
      'registry.db is of an earlier version: it is converted, which takes seconds for a million records',
    );
  };
  return {
    store() {
      const path = dataFile(config, 'read.db');
      const open = (): ReadStore => openSqliteReadStore({ clock, ids, path, ...onRead });
      return openOrSetAside(path, open, { clock, logger });
    },
    generations: () => openSqliteGenerations({ clock, ids, path: dataFile(config, 'read.db') }),
    registry() {
      const path = dataFile(config, 'registry.db');
      return openSqliteRegistry({ clock, ids, path, onConvert, ...onRegistry });
    },
    close: () => Promise.resolve(),
  };
}

async function openBus(
  { brokers, ssl, sasl, topicPrefix, newTopics }: KafkaConfig,
  { clock, ids, logger }: Pick<SystemAdapters, 'clock' | 'ids' | 'logger'>,
): Promise<MessageBus> {
  const { openKafkaBus } = await import('../adapters/kafka/kafka-bus.js');
  const bus = openKafkaBus({
    clock,
    ids,
    logger,
    brokers,
    newTopics,
    ...(sasl && { sasl }),
    ...(ssl && {
      ssl: {
        ...(ssl.caFile && { ca: readPem('KAFKA_SSL_CA_FILE', ssl.caFile) }),
        ...(ssl.certFile && { cert: readPem('KAFKA_SSL_CERT_FILE', ssl.certFile) }),
        ...(ssl.keyFile && { key: readPem('KAFKA_SSL_KEY_FILE', ssl.keyFile) }),
      },
    }),
  });
  return withTopicPrefix(bus, topicPrefix);
}

/** Does not repeat the path: somebody may have set the key itself. */
function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError(`${variable} must be the path of a PEM file, which cannot be read (${code})`);
  }
}

function dataFile(config: Config, name: string): string {
  return join(resolve(config.dataDir), name);
}

import * as z from 'zod';
import { flag, isHost, optionalText, wholeNumber } from './variables.js';

export interface KafkaConfig {
  /** host:port of each. */
  brokers: readonly string[];
  /** PEM files; without a CA file the system's certificates apply. */
  ssl: { caFile?: string; certFile?: string; keyFile?: string } | undefined;
  sasl: { mechanism: SaslMechanism; username: string; password: string } | undefined;
  /** Prefix of the names of all topics and groups. */
  topicPrefix: string;
  /** Of topics that are missing; undefined leaves the choice to the brokers. */
  newTopics: { replicationFactor: number | undefined; minInsyncReplicas: number | undefined };
}

const MOST_REPLICAS = 100;

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof mechanisms)[number];

export const kafkaVariables = {
  KAFKA_BROKERS: optionalText.transform(toBrokers),
  KAFKA_SSL: flag,
  KAFKA_SSL_CA_FILE: optionalText,
  KAFKA_SSL_CERT_FILE: optionalText,
  KAFKA_SSL_KEY_FILE: optionalText,
  KAFKA_SASL_MECHANISM: optionalText.pipe(
    z.enum(mechanisms, { error: `must be one of ${mechanisms.join(', ')}` }).optional(),
  ),
  KAFKA_SASL_USERNAME: optionalText,
  KAFKA_SASL_PASSWORD: optionalText,
  KAFKA_TOPIC_PREFIX: optionalText.refine(
    (prefix) => prefix === undefined || /^[a-zA-Z0-9._-]{1,100}$/.test(prefix),
    { error: 'must be up to 100 letters, digits, dots, hyphens and underscores' },
  ),
  KAFKA_REPLICATION_FACTOR: optionalText.pipe(wholeNumber(1, MOST_REPLICAS).optional()),
  KAFKA_MIN_INSYNC_REPLICAS: optionalText.pipe(wholeNumber(1, MOST_REPLICAS).optional()),
};

type Given = z.infer<z.ZodObject<typeof kafkaVariables>>;

/** @returns undefined without brokers */
export function kafkaConfig(given: Given): KafkaConfig | undefined {
  if (given.KAFKA_BROKERS === undefined) return undefined;
  const { KAFKA_SSL_CA_FILE: caFile, KAFKA_SSL_CERT_FILE: certFile, KAFKA_SSL_KEY_FILE: keyFile } = given;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = given;
  const password = given.KAFKA_SASL_PASSWORD;
  return {
    brokers: given.KAFKA_BROKERS,
    ssl: given.KAFKA_SSL
      ? { ...(caFile && { caFile }), ...(certFile && { certFile }), ...(keyFile && { keyFile }) }
      : undefined,
    sasl: mechanism && username && password ? { mechanism, username, password } : undefined,
    topicPrefix: given.KAFKA_TOPIC_PREFIX ?? '',
    newTopics: {
      replicationFactor: given.KAFKA_REPLICATION_FACTOR,
      minInsyncReplicas: given.KAFKA_MIN_INSYNC_REPLICAS,
    },
  };
}

/** Which variables cannot be combined; undefined when all can. */
export function kafkaFault(given: Given): string | undefined {
  const { KAFKA_BROKERS, KAFKA_SSL } = given;
  const set = Object.keys(kafkaVariables).filter(
    (name) => name !== 'KAFKA_BROKERS' && Boolean(given[name as keyof Given]),
  );
  if (KAFKA_BROKERS === undefined && set.length > 0) return `${set.join(', ')} set, but KAFKA_BROKERS is not`;
  const sasl = set.filter((name) => name.startsWith('KAFKA_SASL_'));
  if (sasl.length !== 0 && sasl.length !== 3)
    return 'KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set together';
  if (!KAFKA_SSL && set.some((name) => name.startsWith('KAFKA_SSL_')))
    return 'KAFKA_SSL_CA_FILE, KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE need KAFKA_SSL=true';
  if (set.includes('KAFKA_SSL_CERT_FILE') !== set.includes('KAFKA_SSL_KEY_FILE'))
    return 'KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE must be set together';
  const { KAFKA_REPLICATION_FACTOR: copies, KAFKA_MIN_INSYNC_REPLICAS: needed } = given;
  if (copies !== undefined && needed !== undefined && needed > copies)
    return 'KAFKA_MIN_INSYNC_REPLICAS must be at most KAFKA_REPLICATION_FACTOR, or nothing could be published';
  return undefined;
}

function toBrokers(
  text: string | undefined,
  context: z.core.$RefinementCtx<string | undefined>,
): string[] | undefined {
  if (text === undefined) return undefined;
  const brokers = text.split(',').map((broker) => broker.trim());
  const wrong = brokers.findIndex((broker) => !isHost(broker) || !/:\d+$/.test(broker));
  if (wrong < 0) return brokers;
  const which = brokers.length === 1 ? '' : `, but number ${wrong + 1} of ${brokers.length} is not`;
  const message = `must be host:port, or several with commas between them${which}`;
  context.addIssue({ code: 'custom', message });
  return undefined;
}

import * as z from 'zod';
import {
  credentialsConfig,
  credentialsFault,
  credentialVariables,
  type CredentialsConfig,
} from './credentials.js';
import { kafkaConfig, kafkaFault, kafkaVariables, type KafkaConfig } from './kafka.js';
import { toHosts } from './hosts.js';
import { toOrigins } from './origins.js';
import { flag, optionalText, url, wholeNumber } from './variables.js';

/** An unusable environment variable: its name, the value given unless it may hold a secret, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const variables = z.object({
  HOST: z.string().min(1, 'must be an address or name of this machine').default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  PROBE_PORT: optionalText.pipe(wholeNumber(0, 65_535).optional()),
  ALLOWED_HOSTS: optionalText.transform(toHosts),
  CORS_ORIGINS: optionalText.transform(toOrigins),
  ALLOW_ANONYMOUS: flag,
  RATE_LIMIT: optionalText.pipe(wholeNumber(1, 1_000_000).optional()),
  DATA_DIR: z.string().min(1, 'must name a folder').default('./data'),
  NODE_ENV: z.string().default('development'),
  ALLOW_EMBEDDED: flag,
  ALLOW_SECONDS: flag,
  REMINDER_THRESHOLD_DAYS: z.string().default('30,14,7,1,0').transform(toThresholds),
  REGISTRY_MAX_AGE_HOURS: optionalText.pipe(wholeNumber(1, 87_600).optional()),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of debug, info, warn, error, silent',
    })
    .default('info'),
  EVENTSTORE_URL: url(['esdb', 'esdb+discover']),
  MONGODB_URL: url(['mongodb', 'mongodb+srv']),
  ...kafkaVariables,
  ...credentialVariables,
  EXECUTOR: z.enum(['builtin', 'external'], { error: 'must be builtin or external' }).default('builtin'),
  LEASE_MS: wholeNumber(500, 600_000).optional(),
});

export interface Config {
  host: string;
  port: number;
  /** Undefined without a port for the probes alone. */
  probePort: number | undefined;
  /** Names and addresses under which clients reach the service, besides the loopback and `host`. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may read and write, besides its own; each as browsers send it. */
  corsOrigins: readonly string[];
  /** Whether it may be reached from elsewhere without credentials. */
  allowAnonymous: boolean;
  /** Undefined: there are none, and everybody is anonymous. */
  credentials: CredentialsConfig | undefined;
  /** Requests of a sender in a minute; undefined is without a limit. */
  rateLimit: number | undefined;
  dataDir: string;
  allowSeconds: boolean;
  /** Days before expiry, negative ones after it, descending. */
  thresholds: readonly number[];
  /** Hours without a word from the owner of the registry, after which runs warn; null: never. */
  maxAgeHours: number | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Each is undefined where the embedded adapter serves. */
  eventStoreUrl: string | undefined;
  mongodbUrl: string | undefined;
  kafka: KafkaConfig | undefined;
  /** Who performs runs: this service, or another one that receives them over Kafka. */
  executor: 'builtin' | 'external';
  /** How long the other instances wait for a sign of the leader, milliseconds. */
  leaseMs: number;
}

/** A lease must outlast the election of a leader among the nodes of EventStoreDB itself. */
const DEFAULT_LEASE_MS = { sqlite: 5_000, eventstoredb: 15_000 };

/** The variables whose values an error may repeat. */
const SHOWN: ReadonlySet<string> = new Set([
  'PROBE_PORT',
  'ALLOW_ANONYMOUS',
  'ALLOWED_HOSTS',
  'RATE_LIMIT',
  ...['HOST', 'PORT', 'DATA_DIR', 'NODE_ENV', 'ALLOW_EMBEDDED', 'ALLOW_SECONDS', 'REMINDER_THRESHOLD_DAYS'],
  ...['REGISTRY_MAX_AGE_HOURS', 'LOG_LEVEL', 'EXECUTOR', 'LEASE_MS'],
  ...['JWT_ALGORITHMS', 'JWT_SCOPES_PREFIX', 'ACTOR_HEADER', 'TRUSTED_PROXIES', 'ACTOR_SCOPES'],
]);

const SERVERS = ['EVENTSTORE_URL', 'MONGODB_URL', 'KAFKA_BROKERS'] as const;

/**
 * The only reader of the environment.
 * @throws ConfigError
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} ${message} (${shown(name, env[name])})`;
    });
    throw new ConfigError(faults.join('\n'));
  }
  const given = parsed.data;
  const unset = SERVERS.filter((name) => given[name] === undefined);
  if (unset.length > 0 && given.NODE_ENV === 'production' && !given.ALLOW_EMBEDDED) {
    throw new ConfigError(
      `${unset.join(', ')} not set and NODE_ENV is production: what is not set is kept in DATA_DIR on this machine; ` +
        'set ALLOW_EMBEDDED=true if that is what you want',
    );
  }
  if (given.PROBE_PORT === given.PORT && given.PORT !== 0)
    throw new ConfigError(`PORT and PROBE_PORT are both ${given.PORT}, and must differ`);
  const fault = kafkaFault(given) ?? credentialsFault(given);
  if (fault !== undefined) throw new ConfigError(fault);
  if (given.EXECUTOR === 'external' && given.KAFKA_BROKERS === undefined) {
    throw new ConfigError(
      'EXECUTOR is external, but without KAFKA_BROKERS nobody is told of a run: set KAFKA_BROKERS too',
    );
  }
  return {
    host: given.HOST,
    port: given.PORT,
    probePort: given.PROBE_PORT,
    allowedHosts: given.ALLOWED_HOSTS,
    corsOrigins: given.CORS_ORIGINS,
    allowAnonymous: given.ALLOW_ANONYMOUS,
    credentials: credentialsConfig(given),
    rateLimit: given.RATE_LIMIT,
    dataDir: given.DATA_DIR,
    allowSeconds: given.ALLOW_SECONDS,
    thresholds: given.REMINDER_THRESHOLD_DAYS,
    maxAgeHours: given.REGISTRY_MAX_AGE_HOURS ?? null,
    logLevel: given.LOG_LEVEL,
    eventStoreUrl: given.EVENTSTORE_URL,
    mongodbUrl: given.MONGODB_URL,
    kafka: kafkaConfig(given),
    executor: given.EXECUTOR,
    leaseMs:
      given.LEASE_MS ?? DEFAULT_LEASE_MS[given.EVENTSTORE_URL === undefined ? 'sqlite' : 'eventstoredb'],
  };
}

/** A password may stand anywhere in a malformed URL or list of brokers, so only what has no place for one is shown. */
function shown(name: string, value: string | undefined): string {
  return SHOWN.has(name)
    ? `given: ${JSON.stringify(value)}`
    : 'the value given is not shown: it may hold a secret';
}

function toThresholds(text: string, context: z.core.$RefinementCtx<string>): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => !/^-?\d{1,4}$/.test(part)) || parts.length > 20) {
    context.addIssue({
      code: 'custom',
      message: 'must be up to 20 whole numbers of days from -9999 to 9999, such as 30,14,7,1,0',
    });
  }
  // Minus zero is no number of its own.
  return [...new Set(parts.map((part) => Number(part) + 0))].sort((a, b) => b - a);
}

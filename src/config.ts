import * as z from 'zod';

/** A variable of the environment that cannot be used: which, what was given, what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const flag = z
  .enum(['true', 'false', ''], { error: 'must be true or false' })
  .default('false')
  .transform((text) => text === 'true');

const variables = z.object({
  HOST: z.string().min(1, 'must be an address or name of this machine').default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  DATA_DIR: z.string().min(1, 'must name a folder').default('./data'),
  NODE_ENV: z.string().default('development'),
  ALLOW_EMBEDDED: flag,
  ALLOW_SECONDS: flag,
  REMINDER_THRESHOLD_DAYS: z.string().default('30,14,7,1,0').transform(toThresholds),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of debug, info, warn, error, silent',
    })
    .default('info'),
  EVENTSTORE_URL: z.string().optional(),
  MONGODB_URL: z.string().optional(),
  KAFKA_BROKERS: z.string().optional(),
});

export interface Config {
  host: string;
  port: number;
  dataDir: string;
  allowSeconds: boolean;
  /** Days before expiry, descending. */
  thresholds: readonly number[];
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

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
      return `${name} ${message} (given: ${JSON.stringify(env[name])})`;
    });
    throw new ConfigError(faults.join('\n'));
  }
  const given = parsed.data;
  for (const name of SERVERS) {
    if (given[name])
      throw new ConfigError(`${name} is set, but this version has only the embedded adapter: unset it`);
  }
  if (given.NODE_ENV === 'production' && !given.ALLOW_EMBEDDED) {
    throw new ConfigError(
      `${SERVERS.join(', ')} are not set and NODE_ENV is production: the embedded store keeps everything in DATA_DIR on this machine; ` +
        'set ALLOW_EMBEDDED=true if that is what you want',
    );
  }
  return {
    host: given.HOST,
    port: given.PORT,
    dataDir: given.DATA_DIR,
    allowSeconds: given.ALLOW_SECONDS,
    thresholds: given.REMINDER_THRESHOLD_DAYS,
    logLevel: given.LOG_LEVEL,
  };
}

function wholeNumber(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message));
}

function toThresholds(text: string, context: z.core.$RefinementCtx<string>): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => !/^\d{1,4}$/.test(part)) || parts.length > 20) {
    context.addIssue({
      code: 'custom',
      message: 'must be up to 20 whole numbers of days from 0 to 9999, such as 30,14,7,1,0',
    });
  }
  return [...new Set(parts.map(Number))].sort((a, b) => b - a);
}

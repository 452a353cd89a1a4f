import { z } from 'zod';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** @param {number} least @param {number} most @param {number} standard */
const whole = (least, most, standard) =>
  z.coerce
    .number(`must be a whole number from ${least} to ${most}`)
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .default(standard);

const needed = (/** @type {string} */ why) => z.string(why).min(1, why);

/** `Name <address>`, or the address alone. */
const SENDER = /^(?:[^<>\p{Control}]*<)?([^\s<>@,;]+@([^\s<>@,;]+\.?[^\s<>@,;]+))>?$/u;

export const environmentSchema = z
  .object({
    KAFKA_BROKERS: needed('must be host:port, several with commas'),
    KAFKA_TOPIC_PREFIX: z.string().default(''),
    KAFKA_GROUP: z.string().default('reminder-sender'),
    KAFKA_SSL: flag.default(false),
    KAFKA_SASL_MECHANISM: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'must be plain, scram-sha-256 or scram-sha-512')
      .optional(),
    KAFKA_SASL_USERNAME: z.string().optional(),
    KAFKA_SASL_PASSWORD: z.string().optional(),
    KAFKA_SESSION_SECONDS: whole(1, 300, 30),
    SMTP_HOST: needed('must be the name or address of a mail server'),
    SMTP_PORT: whole(1, 65_535, 587),
    SMTP_TLS: z
      .enum(['starttls', 'implicit', 'none'], 'must be starttls, implicit or none')
      .default('starttls'),
    SMTP_USER: z.string().optional(),
    SMTP_PASSWORD: z.string().optional(),
    SMTP_TIMEOUT_SECONDS: whole(1, 3_600, 600),
    MAIL_FROM: needed('must be an address, or Name <address>').regex(
      SENDER,
      'must be an address, or Name <address>',
    ),
    MAIL_PER: z.enum(['run', 'reminder'], 'must be run or reminder').default('run'),
    WHEN_IN_DOUBT: z.enum(['hold', 'send'], 'must be hold or send').default('hold'),
    MAX_AGE_HOURS: whole(1, 8_760, 72),
    RETRY_SECONDS: whole(1, 3_600, 60),
    GIVE_UP_HOURS: whole(1, 720, 72),
    DIGEST_WAIT_HOURS: whole(1, 720, 48),
    ADDRESSES_FILE: z.string().default('addresses.json'),
    JOURNAL_FILE: z.string().default('data/journal.db'),
    JOURNAL_SUCCEEDS: z.string().optional(),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error'], 'must be trace, debug, info, warn or error')
      .default('info'),
  })
  .refine((env) => (env.KAFKA_SASL_MECHANISM === undefined) === (env.KAFKA_SASL_USERNAME === undefined), {
    path: ['KAFKA_SASL_USERNAME'],
    message: 'goes with KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD',
  })
  .refine((env) => env.SMTP_USER === undefined || env.SMTP_PASSWORD !== undefined, {
    path: ['SMTP_PASSWORD'],
    message: 'is needed with SMTP_USER',
  });

/** @typedef {ReturnType<typeof loadConfig>} Config */

export class ConfigError extends Error {
  name = 'ConfigError';
}

/**
 * What the environment says; a variable that is empty counts as one that is not set.
 * @param {Record<string, string | undefined>} environment
 * @throws {ConfigError} that names each wrong variable and what is allowed, and shows no value
 */
export function loadConfig(environment) {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data: env, error } = environmentSchema.safeParse(set);
  if (!success) {
    throw new ConfigError(error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
  }
  return {
    kafka: {
      brokers: env.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
      prefix: env.KAFKA_TOPIC_PREFIX,
      group: env.KAFKA_TOPIC_PREFIX + env.KAFKA_GROUP,
      ssl: env.KAFKA_SSL,
      sasl: saslOf(env),
      sessionMs: env.KAFKA_SESSION_SECONDS * SECOND_MS,
    },
    smtp: {
      host: env.SMTP_HOST,
      port: env.SMTP_PORT,
      tls: env.SMTP_TLS,
      login: env.SMTP_USER === undefined ? undefined : { user: env.SMTP_USER, pass: env.SMTP_PASSWORD ?? '' },
      timeoutMs: env.SMTP_TIMEOUT_SECONDS * SECOND_MS,
    },
    from: {
      whole: env.MAIL_FROM,
      address: SENDER.exec(env.MAIL_FROM)?.[1] ?? '',
      domain: SENDER.exec(env.MAIL_FROM)?.[2] ?? '',
    },
    mailPer: env.MAIL_PER,
    whenInDoubt: env.WHEN_IN_DOUBT,
    maxAgeMs: env.MAX_AGE_HOURS * HOUR_MS,
    retryMs: env.RETRY_SECONDS * SECOND_MS,
    giveUpMs: env.GIVE_UP_HOURS * HOUR_MS,
    digestWaitMs: env.DIGEST_WAIT_HOURS * HOUR_MS,
    addressesFile: env.ADDRESSES_FILE,
    journalFile: env.JOURNAL_FILE,
    journalSucceeds: env.JOURNAL_SUCCEEDS,
    logLevel: env.LOG_LEVEL,
  };
}

/**
 * @param {z.infer<typeof environmentSchema>} env
 * @returns {import('kafkajs').SASLOptions | undefined}
 */
function saslOf({ KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD }) {
  if (KAFKA_SASL_MECHANISM === undefined) return undefined;
  const login = { username: KAFKA_SASL_USERNAME ?? '', password: KAFKA_SASL_PASSWORD ?? '' };
  switch (KAFKA_SASL_MECHANISM) {
    case 'plain':
      return { mechanism: 'plain', ...login };
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', ...login };
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', ...login };
  }
}

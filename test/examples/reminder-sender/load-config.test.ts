import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  ConfigError,
  environmentSchema,
  loadConfig,
} from '../../../examples/reminder-sender/src/load-config.js';

const NEEDED = {
  KAFKA_BROKERS: 'k1:9092, k2:9092',
  SMTP_HOST: 'mail',
  MAIL_FROM: 'Reminders <a@example.com>',
};
const refused = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the configuration of the sender', () => {
  it('has defaults for all but servers and sender, and these are what .env.example says', () => {
    const example = readFileSync('examples/reminder-sender/.env.example', 'utf8');
    const lines = [...example.matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)];
    const names = lines.map(([, , name]) => name);
    expect(names.sort()).toEqual(Object.keys(environmentSchema.shape).sort());
    const defaults = lines
      .filter(([, isComment]) => isComment === '#')
      .map(([, , name, value]) => [name, value]);
    expect(loadConfig({ ...NEEDED, ...Object.fromEntries(defaults) })).toEqual(loadConfig(NEEDED));
  });

  it('understands lists, names and prefixes', () => {
    expect(loadConfig({ ...NEEDED, KAFKA_TOPIC_PREFIX: 'test.' })).toMatchObject({
      kafka: { brokers: ['k1:9092', 'k2:9092'], group: 'test.reminder-sender' },
      from: { address: 'a@example.com', domain: 'example.com' },
      whenInDoubt: 'hold',
      smtp: { tls: 'starttls', login: undefined },
    });
  });

  it.each([
    [{}, 'KAFKA_BROKERS must be host:port, several with commas'],
    [{ ...NEEDED, SMTP_PORT: '0' }, 'SMTP_PORT must be at least 1'],
    [
      { ...NEEDED, MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' },
      'MAIL_FROM must be an address, or Name <address>',
    ],
    [{ ...NEEDED, WHEN_IN_DOUBT: 'guess' }, 'WHEN_IN_DOUBT must be hold or send'],
    [{ ...NEEDED, SMTP_USER: 'me' }, 'SMTP_PASSWORD is needed with SMTP_USER'],
    [{ ...NEEDED, KAFKA_SASL_MECHANISM: 'plain' }, 'KAFKA_SASL_USERNAME goes with KAFKA_SASL_MECHANISM'],
  ])('is refused by the name of the variable: %j', (environment, message) => {
    expect(refused(environment as Record<string, string>)).toContain(message);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../../src/config/config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      probePort: undefined,
      allowedHosts: [],
      corsOrigins: [],
      allowAnonymous: false,
      rateLimit: undefined,
      dataDir: './data',
      allowSeconds: false,
      thresholds: [30, 14, 7, 1, 0],
      maxAgeHours: null,
      logLevel: 'info',
      eventStoreUrl: undefined,
      mongodbUrl: undefined,
      kafka: undefined,
      executor: 'builtin',
      leaseMs: 5_000,
    });
    expect(loadConfig({ EVENTSTORE_URL: 'esdb://localhost' })).toMatchObject({ leaseMs: 15_000 });
  });

  it('takes empty variables as unset, as compose files leave them', () => {
    const names = [
      'PROBE_PORT',
      'ALLOWED_HOSTS',
      'CORS_ORIGINS',
      'ALLOW_ANONYMOUS',
      'RATE_LIMIT',
      'REGISTRY_MAX_AGE_HOURS',
      'EVENTSTORE_URL',
      'MONGODB_URL',
      'KAFKA_BROKERS',
      'KAFKA_SASL_MECHANISM',
      'KAFKA_SSL',
    ];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });

  it('takes servers, with credentials and certificates', () => {
    const config = loadConfig({
      EVENTSTORE_URL: 'esdb+discover://admin:secret@a,b,c?tls=true',
      MONGODB_URL: 'mongodb+srv://user:secret@cluster/db',
      KAFKA_BROKERS: 'one:9092, [::1]:9093',
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: 'ca.pem',
      KAFKA_REPLICATION_FACTOR: '3',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'service',
      KAFKA_SASL_PASSWORD: 'secret',
      EXECUTOR: 'external',
      NODE_ENV: 'production',
    });
    expect(config).toMatchObject({
      executor: 'external',
      eventStoreUrl: 'esdb+discover://admin:secret@a,b,c?tls=true',
      mongodbUrl: 'mongodb+srv://user:secret@cluster/db',
      kafka: {
        brokers: ['one:9092', '[::1]:9093'],
        ssl: { caFile: 'ca.pem' },
        topicPrefix: '',
        newTopics: { replicationFactor: 3, minInsyncReplicas: undefined },
        sasl: { mechanism: 'scram-sha-512', username: 'service', password: 'secret' },
      },
    });
  });

  it.each([
    ['PORT', '70000', 'whole number from 0 to 65535'],
    ['PORT', 'http', 'whole number from 0 to 65535'],
    ['PORT', '-1', 'whole number from 0 to 65535'],
    ['ALLOW_SECONDS', 'yes', 'true or false'],
    ['LOG_LEVEL', 'loud', 'debug, info, warn, error, silent'],
    ['REMINDER_THRESHOLD_DAYS', '30;14', 'whole numbers of days from -9999 to 9999'],
    ['REMINDER_THRESHOLD_DAYS', '30,10000', 'whole numbers of days from -9999 to 9999'],
    ['REMINDER_THRESHOLD_DAYS', '30,-10000', 'whole numbers of days from -9999 to 9999'],
    ['REMINDER_THRESHOLD_DAYS', '30,--1', 'whole numbers of days from -9999 to 9999'],
    ['REMINDER_THRESHOLD_DAYS', '1.5', 'whole numbers of days from -9999 to 9999'],
    ['REGISTRY_MAX_AGE_HOURS', '0', 'whole number from 1 to 87600'],
    ['REGISTRY_MAX_AGE_HOURS', '87601', 'whole number from 1 to 87600'],
    ['REGISTRY_MAX_AGE_HOURS', 'never', 'whole number from 1 to 87600'],
    ['DATA_DIR', '', 'folder'],
    ['HOST', '', 'address or name of this machine'],
    ['PROBE_PORT', '70000', 'whole number from 0 to 65535'],
    ['ALLOW_ANONYMOUS', '1', 'true or false'],
    ['RATE_LIMIT', '0', 'whole number from 1 to 1000000'],
    ['RATE_LIMIT', '10/s', 'whole number from 1 to 1000000'],
    ['ALLOWED_HOSTS', 'cron.example.com:443', 'without a port'],
    ['ALLOWED_HOSTS', 'a,,b', 'without a port'],
    ['ALLOWED_HOSTS', 'http://cron', 'without a port'],
    ['ALLOWED_HOSTS', '*', 'without a port'],
    ['ALLOWED_HOSTS', '[::1', 'without a port'],
    ['ALLOWED_HOSTS', ':::', 'without a port'],
    ['EVENTSTORE_URL', 'http://localhost:2113', 'esdb:// or esdb+discover://'],
    ['MONGODB_URL', 'localhost:27017', 'mongodb:// or mongodb+srv://'],
    ['KAFKA_BROKERS', 'localhost', 'host:port'],
    ['KAFKA_BROKERS', 'localhost:99999', 'host:port'],
    ['KAFKA_BROKERS', 'kafka://localhost:9092', 'host:port'],
    ['KAFKA_SASL_MECHANISM', 'gssapi', 'plain, scram-sha-256, scram-sha-512'],
    ['KAFKA_REPLICATION_FACTOR', '0', 'whole number from 1 to 100'],
    ['KAFKA_MIN_INSYNC_REPLICAS', 'all', 'whole number from 1 to 100'],
    ['EXECUTOR', 'internal', 'builtin or external'],
  ])('refuses %s=%s and says what is allowed', (name, value, allowed) => {
    const load = (): unknown => loadConfig({ [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).toThrow(/_URL|^KAFKA/.test(name) ? 'not shown' : JSON.stringify(value));
    expect(load).toThrow(allowed);
  });

  it('takes the names under which it is reached, and a port for the probes', () => {
    const env = {
      ALLOWED_HOSTS: ' Cron.example.com., 10.0.0.7,[fe80::1],::2,cron_1 ',
      PROBE_PORT: '0',
      PORT: '0',
    };
    expect(loadConfig(env)).toMatchObject({
      allowedHosts: ['Cron.example.com.', '10.0.0.7', '[fe80::1]', '::2', 'cron_1'],
      probePort: 0,
    });
    expect(() => loadConfig({ PROBE_PORT: '3000' })).toThrow('PORT and PROBE_PORT are both 3000');
  });

  it('names every fault at once', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(/PORT.*\n.*LOG_LEVEL/);
  });

  it('sorts the thresholds and drops repeats', () => {
    expect(loadConfig({ REMINDER_THRESHOLD_DAYS: '1, 7,30,7' }).thresholds).toEqual([30, 7, 1]);
  });

  it('takes thresholds after the expiry, and one zero', () => {
    const days = (text: string) => loadConfig({ REMINDER_THRESHOLD_DAYS: text }).thresholds;
    expect(days('-7,-30,9999,-9999,0')).toEqual([9_999, 0, -7, -30, -9_999]);
    expect(days('-0,0')).toEqual([0]);
  });

  it('takes how old the registry may be', () => {
    expect(loadConfig({ REGISTRY_MAX_AGE_HOURS: '36' }).maxAgeHours).toBe(36);
  });

  it('does not lose data by silence: in production the embedded store must be wanted', () => {
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('ALLOW_EMBEDDED=true');
    expect(loadConfig({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' }).port).toBe(3000);
    const some = { NODE_ENV: 'production', EVENTSTORE_URL: 'esdb://a', KAFKA_BROKERS: 'a:1' };
    expect(() => loadConfig(some)).toThrow(/^MONGODB_URL not set/);
    expect(loadConfig({ ...some, MONGODB_URL: 'mongodb://a' }).mongodbUrl).toBe('mongodb://a');
  });

  const KAFKA = { KAFKA_BROKERS: 'a:1' };
  it.each<[string, Record<string, string>, string]>([
    ['an executor that nobody can tell', { EXECUTOR: 'external' }, 'KAFKA_BROKERS'],
    ['settings of Kafka without Kafka', { KAFKA_SSL: 'true' }, 'KAFKA_SSL set, but KAFKA_BROKERS is not'],
    ['half of the credentials', { ...KAFKA, KAFKA_SASL_MECHANISM: 'plain' }, 'KAFKA_SASL_PASSWORD'],
    [
      'more replicas in sync than there are',
      { ...KAFKA, KAFKA_REPLICATION_FACTOR: '2', KAFKA_MIN_INSYNC_REPLICAS: '3' },
      'KAFKA_MIN_INSYNC_REPLICAS must be at most KAFKA_REPLICATION_FACTOR',
    ],
    ['a file without TLS', { ...KAFKA, KAFKA_SSL_CA_FILE: 'ca.pem' }, 'KAFKA_SSL=true'],
    [
      'a certificate without its key',
      { ...KAFKA, KAFKA_SSL: 'true', KAFKA_SSL_CERT_FILE: 'c.pem' },
      'KAFKA_SSL_KEY_FILE',
    ],
  ])('refuses %s', (_, env, reason) => {
    expect(() => loadConfig(env)).toThrow(ConfigError);
    expect(() => loadConfig(env)).toThrow(reason);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDir: './data',
      allowSeconds: false,
      thresholds: [30, 14, 7, 1, 0],
      logLevel: 'info',
    });
  });

  it.each([
    ['PORT', '70000', 'whole number from 0 to 65535'],
    ['PORT', 'http', 'whole number from 0 to 65535'],
    ['PORT', '-1', 'whole number from 0 to 65535'],
    ['ALLOW_SECONDS', 'yes', 'true or false'],
    ['LOG_LEVEL', 'loud', 'debug, info, warn, error, silent'],
    ['REMINDER_THRESHOLD_DAYS', '30;14', 'whole numbers of days'],
    ['DATA_DIR', '', 'folder'],
    ['HOST', '', 'address or name of this machine'],
  ])('refuses %s=%s and says what is allowed', (name, value, allowed) => {
    const load = (): unknown => loadConfig({ [name]: value });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).toThrow(JSON.stringify(value));
    expect(load).toThrow(allowed);
  });

  it('names every fault at once', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'x' })).toThrow(/PORT.*\n.*LOG_LEVEL/);
  });

  it('sorts the thresholds and drops repeats', () => {
    expect(loadConfig({ REMINDER_THRESHOLD_DAYS: '1, 7,30,7' }).thresholds).toEqual([30, 7, 1]);
  });

  it('does not lose data by silence: in production the embedded store must be wanted', () => {
    expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('ALLOW_EMBEDDED=true');
    expect(loadConfig({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' }).port).toBe(3000);
  });

  it('refuses servers that it has no adapter for', () => {
    expect(() => loadConfig({ EVENTSTORE_URL: 'esdb://localhost' })).toThrow('EVENTSTORE_URL');
  });
});

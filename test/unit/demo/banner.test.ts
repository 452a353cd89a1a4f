import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/config.js';
import { banner } from '../../../src/demo/banner.js';
import type { ExampleJob } from '../../../src/demo/example.js';
import { adapterNames } from '../../../src/service/open-adapters.js';

const servers = {
  EVENTSTORE_URL: 'esdb://log.example:2113?tls=false',
  MONGODB_URL: 'mongodb://documents.example:27017',
  KAFKA_BROKERS: 'broker.example:9092',
};

function linesFor(env: Record<string, string>, example?: ExampleJob): string[] {
  const config = loadConfig({ DATA_DIR: './my-data', ...env });
  const address = 'http://127.0.0.1:3000';
  return banner({ address, dataDir: config.dataDir, adapters: adapterNames(config), example }).split('\n');
}

describe('the banner', () => {
  it.each<[Record<string, string>, string, boolean]>([
    [{}, 'event log sqlite, read store sqlite, registry sqlite, message bus in-process', true],
    [servers, 'event log eventstoredb, read store mongodb, registry mongodb, message bus kafka', false],
    [
      { EVENTSTORE_URL: servers.EVENTSTORE_URL },
      'event log eventstoredb, read store sqlite, registry sqlite, message bus in-process',
      true,
    ],
    [
      { MONGODB_URL: servers.MONGODB_URL },
      'event log sqlite, read store mongodb, registry mongodb, message bus in-process',
      true,
    ],
    [
      { KAFKA_BROKERS: servers.KAFKA_BROKERS },
      'event log sqlite, read store sqlite, registry sqlite, message bus kafka',
      true,
    ],
  ])(
    'names the adapters that serve, and the files only when there are any: %j',
    (env, adapters, hasFiles) => {
      const lines = linesFor(env);
      expect(lines).toContain(`adapters: ${adapters}`);
      expect(lines.filter((line) => line.startsWith('SQLite files'))).toEqual(
        hasFiles ? ['SQLite files: ./my-data'] : [],
      );
    },
  );

  it('has commands for the job of the example', () => {
    const lines = linesFor({}, { cronId: 'cron-001', deleted: [] });
    expect(lines.filter((line) => line.includes('curl'))).toHaveLength(3);
    for (const line of lines.filter((line) => line.includes('curl'))) expect(line).toContain('/cron-001');
    expect(lines.join('\n')).not.toContain('deleted');
  });

  it('says why the example has another id, and how to start over where that is deleting a folder', () => {
    const example = { cronId: 'cron-003', deleted: ['cron-001', 'cron-002'] };
    const why = 'cron-001, cron-002 were deleted, and no id is used twice: the example is now cron-003';
    expect(linesFor({}, example)).toContain(`${why}; to start over: stop, and rm -r ./my-data`);
    expect(linesFor({ DATA_DIR: "it's mine" }, example)).toContain(
      `${why}; to start over: stop, and rm -r 'it'\\''s mine'`,
    );
    expect(linesFor(servers, example)).toContain(why);
  });
});

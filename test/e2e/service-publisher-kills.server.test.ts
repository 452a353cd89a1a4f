import { expect, it } from '@jest/globals';
import { killPublisher } from './publisher-kills.js';
import { describeWithServer } from '../servers/with-server.js';
import { describeWithKcat } from '../servers/with-kcat.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KILLS = 3;

describeWithServer('kafka', 'the publisher, killed while it publishes', (brokers) => {
  describeWithKcat('compared by kcat', () => {
    it(`misses and disorders nothing in ${KILLS} kills; many more by npm run kill-publisher`, async () => {
      const options = { kills: KILLS, brokers, dataDir: temporaryFolder(), onKill: () => undefined };
      expect(await killPublisher(options)).toMatchObject({ missing: 0, disordered: 0, repeated: 0 });
    }, 120_000);
  });
});

import { randomUUID } from 'node:crypto';
import { it } from '@jest/globals';
import { describeWithServer } from '../servers/with-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { rebuildBesideService } from './rebuild-beside-service.js';

describeWithServer('mongodb', 'with MongoDB', (url) => {
  it('a rebuild beside two instances that are read and written, killed in the middle and then to its end', async () => {
    const MONGODB_URL = `${url.replace(/\/+$/, '')}/rebuild_${randomUUID().replaceAll('-', '')}`;
    await rebuildBesideService({ DATA_DIR: temporaryFolder(), MONGODB_URL });
  }, 120_000);
});

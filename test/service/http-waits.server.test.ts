import { randomUUID } from 'node:crypto';
import { describeWithServer } from '../servers/with-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeWaits } from './waiting-for-runs.js';

describeWithServer('mongodb', 'with MongoDB', (url) => {
  const MONGODB_URL = `${url.replace(/\/+$/, '')}/waits_${randomUUID().replaceAll('-', '')}`;
  const DATA_DIR = temporaryFolder();
  describeWaits('with MongoDB', () => ({ DATA_DIR, MONGODB_URL }));
});

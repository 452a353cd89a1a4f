import { randomUUID } from 'node:crypto';
import { describeWithServer } from '../servers/with-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeManyJobs } from './many-jobs.js';

describeWithServer('mongodb', 'with MongoDB', (url) => {
  const MONGODB_URL = `${url.replace(/\/+$/, '')}/many_${randomUUID().replaceAll('-', '')}`;
  const DATA_DIR = temporaryFolder();
  describeManyJobs('with MongoDB', () => ({ DATA_DIR, MONGODB_URL }), { jobs: 25, crowd: 6 });
});

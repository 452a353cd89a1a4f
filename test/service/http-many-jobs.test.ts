import { afterAll, beforeAll } from '@jest/globals';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeManyJobs } from './many-jobs.js';

let server: FakeEventStore;
beforeAll(async () => {
  server = await startEventStore();
});
afterAll(() => {
  server.close();
});

const [sqlite, eventStore] = [temporaryFolder(), temporaryFolder()];
const SIZE = { jobs: 250, crowd: 20 };
describeManyJobs('with SQLite', () => ({ DATA_DIR: sqlite }), SIZE);
describeManyJobs(
  'with EventStoreDB (stand-in)',
  () => ({ DATA_DIR: eventStore, EVENTSTORE_URL: server.connectionString }),
  SIZE,
);

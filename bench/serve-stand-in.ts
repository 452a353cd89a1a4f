import { startEventStore } from '../test/stand-ins/eventstoredb/start-event-store.js';

// A process of its own: the stand-in must not take its time from the service that is measured.
const { connectionString } = await startEventStore();
process.stdout.write(`${connectionString}\n`);

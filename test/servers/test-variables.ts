import type { ServerName } from './server-plans.js';

/** Environment variables from which test workers and the summary of a run learn about the servers. */
export const testVariables = {
  kafka: { url: 'TEST_KAFKA_BROKERS', via: 'TEST_KAFKA_VIA', missing: 'TEST_KAFKA_MISSING' },
  mongodb: { url: 'TEST_MONGODB_URL', via: 'TEST_MONGODB_VIA', missing: 'TEST_MONGODB_MISSING' },
  eventstore: { url: 'TEST_EVENTSTORE_URL', via: 'TEST_EVENTSTORE_VIA', missing: 'TEST_EVENTSTORE_MISSING' },
} satisfies Record<ServerName, unknown>;

/** The same for the interpreter that runs the examples in Python. */
export const pythonVariables = { path: 'TEST_PYTHON', missing: 'TEST_PYTHON_MISSING' };

/** The same for the packages of a client in TypeScript. */
export const typescriptVariables = {
  path: 'TEST_TYPESCRIPT_PACKAGES',
  missing: 'TEST_TYPESCRIPT_PACKAGES_MISSING',
};

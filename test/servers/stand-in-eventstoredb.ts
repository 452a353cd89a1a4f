import type { Way } from './way.js';

/** The stand-in for EventStoreDB, in this process: for those who want a server to work with, not for its tests. */
export const standInEventstoredb: Way = {
  via: 'local: a stand-in for EventStoreDB, which keeps nothing',
  async prepare() {
    // Only whoever starts it loads gRPC.
    const { startEventStore } = await import('../stand-ins/eventstoredb/start-event-store.js');
    return async () => {
      const standIn = await startEventStore();
      return {
        url: standIn.connectionString,
        stop() {
          standIn.close();
          return Promise.resolve();
        },
      };
    };
  },
};

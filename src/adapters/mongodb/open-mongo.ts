import { MongoClient, type Db } from 'mongodb';
import { StoreError } from '../../ports/store-error.js';
import { toStoreError, toUrlError } from './mongo-error.js';

/** One client for everything in a database; its owner closes it, once. */
export interface Mongo {
  /** Host list and database, without credentials; for messages. */
  readonly server: string;
  /**
   * Runs `work` on the database. Each call tries again to reach a server that is down.
   * @throws StoreError
   */
  run<T>(work: (database: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const DEFAULT_DATABASE = 'certification_cron';

/**
 * Opens the database that the path of `url` names. Sends nothing yet: the server may be down.
 * A server that does not answer causes an error after about 2 s when it was never reached, after 5 s in a call.
 * @throws StoreError when the URL cannot be used
 */
export function openMongo(url: string): Mongo {
  const client = createClient(url);
  const database = databaseOf(url);
  const { srvHost, hosts } = client.options;
  const server = `mongodb://${srvHost ?? hosts.map(String).join()}/${database}`;
  let closed = false;

  return {
    server,
    async run(work) {
      if (closed) throw new StoreError('store_unavailable', `${server}: was closed`);
      try {
        // Without this the driver never connects again once its first attempt has failed. Costs nothing when connected.
        await client.connect();
        return await work(client.db(database));
      } catch (error) {
        throw toStoreError(error, server);
      }
    },
    async close() {
      closed = true;
      try {
        await client.close();
      } catch (error) {
        throw toStoreError(error, server);
      }
    },
  };
}

function createClient(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'certification-cron',
      serverSelectionTimeoutMS: 2_000,
      connectTimeoutMS: 2_000,
      // `timeoutMS` of the driver has no effect in 7.9.
      socketTimeoutMS: 5_000,
      waitQueueTimeoutMS: 5_000,
      // A retry would wait twice for a server that hangs; every caller retries after an error anyway.
      retryReads: false,
      // Before a firewall in between drops the idle connection.
      maxIdleTimeMS: 60_000,
      readPreference: 'primary',
      writeConcern: { w: 'majority' },
      // As in JSON: a field without a value is left out, and does not become null.
      ignoreUndefined: true,
    });
  } catch (error) {
    throw toUrlError(error);
  }
}

/** Characters of credentials are refused: the name is in every message, and a misplaced password must not be. */
function databaseOf(url: string): string {
  const path = decodeURIComponent(/^[^:]+:\/\/[^/?]*\/([^?]*)/.exec(url)?.[1] ?? '');
  if (/[:@=&;,/]/.test(path)) throw toUrlError(undefined);
  return path === '' ? DEFAULT_DATABASE : path;
}

import { randomUUID } from 'node:crypto';
import { MongoClient, type Db } from 'mongodb';
import { openMongo, type Mongo } from '../../src/adapters/mongodb/open-mongo.js';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js';

export interface MongoDatabase {
  mongo: Mongo;
  /** Another client, for what other programs do. */
  direct: Db;
  url: string;
  /** Also drops the database. */
  close(): Promise<void>;
}

/** A database of its own on the server at `url`. */
export async function openMongoDatabase(url: string): Promise<MongoDatabase> {
  const own = new URL(url);
  own.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  const mongo = openMongo(own.href);
  const client = await MongoClient.connect(own.href);
  const direct = client.db();
  return {
    mongo,
    direct,
    url: own.href,
    async close() {
      await mongo.close();
      await direct.dropDatabase();
      await client.close();
    },
  };
}

/** The same database by way of a proxy. */
export async function openMongoProxy(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const through = new URL(url);
  const proxy = await openTcpProxy(through.hostname, Number(through.port === '' ? 27_017 : through.port));
  through.host = `127.0.0.1:${proxy.port}`;
  // Or the driver would connect to the addresses that a replica set advertises.
  through.searchParams.set('directConnection', 'true');
  through.searchParams.delete('replicaSet');
  return { proxy, url: through.href };
}

/** FerretDB 1 finds a document and writes it in two steps, between which others may write. */
export async function hasAtomicUpdates(url: string): Promise<boolean> {
  const client = await MongoClient.connect(url);
  const info = await client.db('admin').command({ buildInfo: 1 });
  await client.close();
  return !('ferretdb' in info || 'ferretdbVersion' in info);
}

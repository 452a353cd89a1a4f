import type BetterSqlite3 from 'better-sqlite3';
import { StoreError } from '../../ports/store-error.js';

/** Node 22.14 and later have it. */
const NODE_API_NEEDED = 10;

/**
 * better-sqlite3, in the build that this Node can run. Version 13 is built on Node-API 10 and crashes a process without
 * it. Version 12 crashes it in garbage collection when it was compiled on Node 24.19 or later (nodejs/node#65446).
 * Both have the same interface; npm installs the one that fits, by `engines` (see packages/). Importing this throws
 * StoreError when the driver was not installed or not built.
 */
export const Database: typeof BetterSqlite3 = await load();
export type Database = BetterSqlite3.Database;

async function load(): Promise<typeof BetterSqlite3> {
  const isCurrent = Number(process.versions.napi) >= NODE_API_NEEDED;
  const name: string = isCurrent ? 'better-sqlite3' : 'better-sqlite3-node20';
  try {
    return ((await import(name)) as { default: typeof BetterSqlite3 }).default;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = isCurrent
      ? 'install the optional dependencies as well'
      : 'install again with a C++ compiler, make and Python 3 at hand, or use Node.js 22.14 or later';
    throw new StoreError(
      'store_unavailable',
      `the SQLite driver ${name} cannot be loaded: ${advice} (${reason})`,
      { cause },
    );
  }
}

import { statSync } from 'node:fs';
import { StoreError } from '../../ports/store-error.js';
import { openDatabase } from './open-database.js';
import { READ_STORE } from './read-schema.js';
import { openStatements, type PlaceStatements, type Statements } from './read-statements.js';
import { markDamaged } from './set-aside.js';
import { toStoreError } from './sqlite-error.js';
import { generationsOf } from './stored-checkpoints.js';
import { transact, whenFree, type Waiting } from './transact.js';

/** One synchronous piece of work on the live rows. @throws StoreError */
export type Query = <T>(work: (live: PlaceStatements) => T) => Promise<T>;

/** The file of the read models, whichever one has its name. */
export interface ReadFile {
  readonly path: string;
  query: Query;
  /** For an answer in several pieces: the rest of another file would look like all there is. */
  inOneFile: () => Query;
  /**
   * For an answer in several pieces that go by what is not the same in each generation: it is made again when another
   * generation, or file, has come between them. @throws StoreError
   */
  inOneGeneration: <T>(answer: (query: Query) => Promise<T>) => Promise<T>;
  /** A piece of work that reads what is not rows. @throws StoreError */
  look: <T>(work: (statements: Statements) => T) => Promise<T>;
  /** @throws StoreError; nothing is written then */
  inTransaction: <T>(work: (statements: Statements) => T) => Promise<T>;
  close: () => Promise<void>;
}

/** Opens `read.db`, and creates it where there is none. @throws StoreError */
export function openReadFile(waiting: Waiting): ReadFile {
  const { ids, path, onLost } = waiting;
  let opened = open();
  let isGone = false;

  function open() {
    const db = openDatabase(path, READ_STORE, ids);
    try {
      return { ...openStatements(db), inode: inodeOf(path) };
    } catch (error) {
      db.close();
      throw toStoreError(error, path);
    }
  }

  /**
   * Another process that shares the folder may have set the file aside, and made it anew. One that is only gone serves
   * on: what is written there is made anew from the log.
   */
  function current(): Statements {
    const inode = inodeOf(path);
    if (inode === opened.inode) isGone = false;
    if (inode === opened.inode || (inode === undefined && isGone)) return opened;
    isGone = inode === undefined;
    if (!isGone) {
      const { db } = opened;
      opened = open();
      db.close();
    }
    const what = isGone ? 'removed' : 'replaced';
    onLost?.(new StoreError('store_damaged', `${path} was ${what} while it was in use`));
    return opened;
  }

  function look<T>(work: (statements: Statements) => T): Promise<T> {
    return whenFree(waiting, () => atOneInstant(current(), work)).catch(noteDamage);
  }

  async function inOneGeneration<T>(answer: (query: Query) => Promise<T>): Promise<T> {
    for (;;) {
      const seen: { db?: Statements['db']; live?: number; isOver: boolean } = { isOver: false };
      const query: Query = (work) =>
        look((statements) => {
          const { live } = generationsOf(statements);
          seen.db ??= statements.db;
          seen.live ??= live;
          seen.isOver ||= seen.db !== statements.db || seen.live !== live;
          if (seen.isOver) throw new StoreError('store_unavailable', `${path}: other rows are live by now`);
          return work(statements.placeOf(live));
        });
      try {
        return await answer(query);
      } catch (error) {
        if (!seen.isOver) throw error;
      }
    }
  }

  const ofLive =
    <T>(work: (live: PlaceStatements) => T) =>
    (statements: Statements): T =>
      work(statements.placeOf(generationsOf(statements).live));

  function noteDamage(error: unknown): never {
    const isOfAPage =
      error instanceof StoreError && error.code === 'store_damaged' && error.cause !== undefined;
    if (isOfAPage && path !== ':memory:') markDamaged(path);
    throw error;
  }

  return {
    path,
    look,
    query: (work) => look(ofLive(work)),
    inOneFile() {
      let file: Statements['db'] | undefined;
      return (work) =>
        look((statements) => {
          file ??= statements.db;
          if (statements.db !== file)
            throw new StoreError('store_unavailable', `${path} was replaced while it was read`);
          return ofLive(work)(statements);
        });
    },
    inOneGeneration,
    inTransaction: (work) =>
      transact(
        () => current().db,
        waiting,
        () => work(opened),
      ).catch(noteDamage),
    close: () =>
      Promise.resolve().then(() => {
        opened.db.close();
      }),
  };
}

/** Which generation is live and its rows are read of the same instant, whatever another process does meanwhile. */
function atOneInstant<T>(statements: Statements, work: (statements: Statements) => T): T {
  statements.begin.run();
  try {
    return work(statements);
  } finally {
    if (statements.db.inTransaction) statements.commit.run();
  }
}

/** Identifies the file at a path; undefined when there is none. */
function inodeOf(path: string): number | undefined {
  return path === ':memory:' ? undefined : statSync(path, { throwIfNoEntry: false })?.ino;
}

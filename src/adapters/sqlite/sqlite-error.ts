import { StoreError, type StoreErrorCode } from '../../ports/store-error.js';

/** The damage and its remedy, for any of the files. */
export const DAMAGED =
  'is damaged: restore it from a backup; read.db may be deleted instead, it is made anew from the log';

/** Another connection holds the lock: worth another try. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

/** The code of an SQLite or file system error; recognised by shape, since errors may come from another realm. */
export function codeOf(error: unknown): string {
  const hasCode =
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
  return hasCode ? String(error.code) : '';
}

/** Translates an SQLite (https://sqlite.org/rescode.html) or file system error; names the file and the remedy. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const [storeCode, advice] = classify(code);
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(storeCode, `${path}: ${advice} (${code === '' ? '' : `${code}: `}${detail})`, {
    cause: error,
  });
}

function classify(code: string): [StoreErrorCode, string] {
  if (/^SQLITE_FULL|^ENOSPC|^EDQUOT/.test(code)) {
    return ['storage_full', 'the disk is full: free some space, writes then go on by themselves'];
  }
  // A folder that is missing on a read-only disk cannot be made, which is reported as ENOENT.
  if (/^SQLITE_READONLY|^SQLITE_CANTOPEN|^SQLITE_PERM|^EROFS|^EACCES|^EPERM|^ENOENT/.test(code)) {
    return [
      'storage_read_only',
      'cannot be written: give the service write access to the file and its folder',
    ];
  }
  if (code.startsWith('SQLITE_NOTADB')) {
    return ['store_foreign', 'is no database: another program has written it, or its beginning is damaged'];
  }
  if (/^SQLITE_CORRUPT|^SQLITE_IOERR_SHORT_READ/.test(code)) {
    return ['store_damaged', DAMAGED];
  }
  return ['store_unavailable', 'cannot be used at the moment'];
}

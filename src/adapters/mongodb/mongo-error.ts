import { MongoBulkWriteError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { StoreError, type StoreErrorCode } from '../../ports/store-error.js';

type Meaning = readonly [code: StoreErrorCode, advice: string];

const LOGIN_REFUSED: Meaning = [
  'store_refused',
  'the login was refused: check the user, the password and authSource in the URL',
];
const TOO_LARGE: Meaning = ['store_refused', 'a document is larger than the server takes'];
/** MongoDB Atlas has one code for all refusals: only the text identifies a failed login. */
const ATLAS_ERROR = 8000;
/** Codes of https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml. */
const MEANINGS: ReadonlyMap<unknown, Meaning> = new Map([
  [13, ['store_refused', 'the user lacks rights: it needs the role readWrite on the database']],
  [18, LOGIN_REFUSED],
  [10334, TOO_LARGE],
  [
    14031,
    ['storage_full', 'the disk of the server is full: free some space, writes then go on by themselves'],
  ],
]);
const DUPLICATE_KEY = 11_000;

/**
 * Translates a driver error; names the server and the remedy. The driver puts no credentials into errors, but the error
 * about a file that the URL names has the path, which may be anything.
 */
export function toStoreError(error: unknown, server: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && 'path' in error && 'code' in error) {
    const advice = 'a file that an option of MONGODB_URL names cannot be read';
    return new StoreError('store_unavailable', `${server}: ${advice} (${String(error.code)})`);
  }
  const [code, advice] = classify(error);
  return new StoreError(code, `${server}: ${advice} (${detailOf(error)})`, { cause: error });
}

/** Without the driver's error and its text: any part of the URL may be in it, and any part of it a secret. */
export function toUrlError(error: unknown): StoreError {
  const isOption = /option|not supported|expected to be|must be/i.test(detailOf(error));
  const reason = isOption
    ? 'one of its options is unknown, or has a value that it does not take'
    : 'it must look like mongodb://user:password@host:27017/database?authSource=admin, or mongodb+srv://... for a ' +
      'cluster; in user and password, write each of : / ? # [ ] @ % as %3A, %2F, %3F, %23, %5B, %5D, %40, %25';
  return new StoreError('store_refused', `the URL of MongoDB cannot be used: ${reason}`);
}

/** Whether duplicate _ids are the only failures. */
export function isDuplicateKey(error: unknown): boolean {
  const isWriteConcern =
    error instanceof MongoBulkWriteError && error.result.getWriteConcernError() !== undefined;
  return (
    !isWriteConcern &&
    error instanceof MongoServerError &&
    codesOf(error).every((code) => code === DUPLICATE_KEY)
  );
}

function classify(error: unknown): Meaning {
  for (const code of error instanceof MongoServerError ? codesOf(error) : []) {
    const meaning = MEANINGS.get(code);
    if (meaning !== undefined) return meaning;
    if (code === ATLAS_ERROR)
      return /auth/i.test(detailOf(error)) ? LOGIN_REFUSED : ['store_refused', 'the server refuses'];
  }
  // The driver refuses it by itself, with an error that has no code.
  if (detailOf(error).includes('larger than the maximum size')) return TOO_LARGE;
  if (error instanceof MongoServerSelectionError) return ['store_unavailable', 'cannot be reached'];
  if (error instanceof MongoNetworkError) return ['store_unavailable', 'does not answer'];
  return ['store_unavailable', 'cannot be used at the moment'];
}

/** The code of an error, and of each write that failed within it. */
function codesOf(error: MongoServerError): unknown[] {
  const writeErrors = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
  return [error.code, ...writeErrors.map(({ code }) => code)];
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

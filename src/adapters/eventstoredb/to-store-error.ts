import { StoreError, type StoreErrorCode } from '../../ports/store-error.js';

/** Permanent errors; all others may be transient. */
const REFUSALS = new Set([
  'access-denied',
  'invalid-argument',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'unsupported',
]);

/** The client's errors carry a `type`; some of a lost connection are raw gRPC errors with a numeric `code` instead. */
export function toStoreError(error: unknown, server: string): StoreError {
  if (error instanceof StoreError) return error;
  const type = typeOf(error);
  const code: StoreErrorCode =
    type !== undefined && REFUSALS.has(type) ? 'store_refused' : 'store_unavailable';
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new StoreError(code, `${server}: ${type ?? 'not reached'}: ${message}`, { cause: error });
}

export function typeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error)) return undefined;
  return typeof error.type === 'string' ? error.type : undefined;
}

export type StoreErrorCode =
  /** Cannot be reached or is busy; try again. */
  | 'store_unavailable'
  /** Larger than the store takes at once; trying the same again does not help. */
  | 'message_too_large'
  /** The server answers, but refuses: credentials, rights, limits. Someone must change them. */
  | 'store_refused'
  /** Another projector has claimed this checkpoint: the former owner must read it again. */
  | 'checkpoint_taken'
  /** No space is left; writes go on when there is some again. */
  | 'storage_full'
  /** The file or its folder cannot be written. */
  | 'storage_read_only'
  /** The file is not what was written. */
  | 'store_damaged'
  /** The file belongs to another program. */
  | 'store_foreign'
  /** The file was written by a newer version of this service. */
  | 'store_newer';

/** The only error that store and message bus adapters throw. `message` names the file or server and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether the error is transient: a retry can help without an operator. */
export function mayPass(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store_unavailable';
}

/** Whether another projector has claimed the checkpoint. */
export function isTaken(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'checkpoint_taken';
}

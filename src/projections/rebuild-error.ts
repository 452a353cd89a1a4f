/** Why a rebuild cannot be done or goes no further; nothing has changed for readers, unless the message says so. */
export class RebuildError extends Error {
  override readonly name = 'RebuildError';
}

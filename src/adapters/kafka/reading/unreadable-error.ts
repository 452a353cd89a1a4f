/** A batch that cannot be read, and why: trying again cannot help. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

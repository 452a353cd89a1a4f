/** A message that can never be understood, and why: it is set aside, and the feed goes on. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

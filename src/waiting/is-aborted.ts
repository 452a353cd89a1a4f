/** A signal may abort while something is awaited. The type checker does not think of that, and takes a second look for one too many. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

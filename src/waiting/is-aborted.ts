/** A signal may abort during an await. The type checker assumes it cannot, and flags a second check as redundant. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

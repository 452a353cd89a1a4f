/** A position in the log: bytes from its beginning. Ordered by commit, then by prepare. */
export interface LogPosition {
  commit: bigint;
  prepare: bigint;
}

export const HEAD_OF_LOG: LogPosition = { commit: -1n, prepare: -1n };

/** Of a record that needs no separate commit, which every append of the gRPC protocol writes. */
export const at = (position: bigint): LogPosition => ({ commit: position, prepare: position });

export function comparePositions(a: LogPosition, b: LogPosition): number {
  const difference = a.commit === b.commit ? a.prepare - b.prepare : a.commit - b.commit;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const latest = (a: LogPosition, b: LogPosition): LogPosition => (comparePositions(a, b) < 0 ? b : a);

import type { Position } from '../../ports/event-log.js';

/** A position in $all, in the server's form. */
export interface LogPosition {
  commit: bigint;
  prepare: bigint;
}

/** Both are unsigned 64-bit integers. */
const LARGEST = 0xffff_ffff_ffff_ffffn;
const DIGITS = 20;
const FORMAT = /^(\d{20})-(\d{20})$/;

export function toPosition({ commit, prepare }: LogPosition): Position {
  return `${pad(commit)}-${pad(prepare)}`;
}

/** @returns undefined for START, and for a position of another kind of log */
export function fromPosition(position: Position): LogPosition | undefined {
  const [, commit, prepare] = FORMAT.exec(position) ?? [];
  if (commit === undefined || prepare === undefined) return undefined;
  const read = { commit: BigInt(commit), prepare: BigInt(prepare) };
  return read.commit > LARGEST || read.prepare > LARGEST ? undefined : read;
}

function pad(part: bigint): string {
  return String(part).padStart(DIGITS, '0');
}

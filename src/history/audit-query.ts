import { mayBeRoutine } from '../projections/audit.js';
import type { AuditEntry } from './audit-entry.js';

/** What is undefined is not asked for. */
export interface AuditQuery {
  cronId: string | undefined;
  actor: string | undefined;
  /** One of these. */
  types: readonly string[] | undefined;
  /** Epoch milliseconds: from here on, inclusive. */
  from: number | undefined;
  /** Epoch milliseconds: before that. */
  to: number | undefined;
  /** Goes on behind the last entry of another page of the same question. */
  after: AuditPlace | undefined;
  limit: number;
}

/** A place in the index, or in the stream of the one job that was asked for. */
export type AuditPlace = { key: string } | { version: number };

export interface AuditPage {
  entries: AuditEntry[];
  /** Of each entry. */
  places: AuditPlace[];
  /** Where the next page goes on, which may be beyond the last entry; undefined when there is none. */
  next: AuditPlace | undefined;
  /** The index lacked some of the events that the log had. */
  isBehind: boolean;
}

/** Whether a page of a question is read from the stream of its job: the index leaves routine events of a job out. */
export function isOfStream({
  cronId,
  types,
  actor,
}: Pick<AuditQuery, 'cronId' | 'types' | 'actor'>): boolean {
  return cronId !== undefined && mayBeRoutine(types, actor);
}

import type { Core } from '../core/core.js';
import { createAuditIndex, type AuditIndex } from '../history/audit-index.js';
import type { JobHistory } from '../history/job-history.js';
import type { EventLog } from '../ports/event-log.js';

/** What was, of each job and across jobs. */
export interface HistoryReads {
  history: JobHistory;
  audit: AuditIndex;
}

export function historyReads(
  { store, clock, projections, history, auditLag }: Core,
  log: EventLog,
): HistoryReads {
  const index = { log, store, clock, history, projected: projections.audit, lag: auditLag };
  return { history, audit: createAuditIndex(index) };
}

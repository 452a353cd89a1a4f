import type { Core } from '../core/core.js';
import { createAuditIndex, type AuditIndex } from '../history/audit-index.js';
import { createJobHistory, type JobHistory } from '../history/job-history.js';
import type { EventLog } from '../ports/event-log.js';
import type { ParseOptions } from '../schedule/cron-expression.js';

/** What was, of each job and across jobs. */
export interface HistoryReads {
  history: JobHistory;
  audit: AuditIndex;
}

export function historyReads(
  { store, clock, projections, modelsLag, auditLag }: Core,
  log: EventLog,
  options: ParseOptions,
): HistoryReads {
  const history = createJobHistory({ log, store, clock, modelsLag }, options);
  const index = { log, store, clock, history, projected: projections.audit, lag: auditLag };
  return { history, audit: createAuditIndex(index) };
}

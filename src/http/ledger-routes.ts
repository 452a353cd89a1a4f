import { Router, type Request, type Response } from 'express';
import { DomainError } from '../job/domain-error.js';
import type { JobFold } from '../fold/job-fold.js';
import { recordBefore } from '../ledger/job-record.js';
import { createMilestones } from '../ledger/milestones.js';
import { readSlotLedger, type LedgerStart } from '../ledger/read-slot-ledger.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { inSlices } from '../waiting/turn-with-time.js';
import type { JobRequests } from './job-requests.js';
import { ledgerBody } from './ledger-body.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { invalidRequest } from './problem.js';

export interface LedgerRoutesDependencies {
  log: EventLog;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  requests: Pick<JobRequests, 'slots'>;
  /** The time zone data that slots are computed with. */
  tzdataVersion: string;
}

const USUAL_RANGE_MS = 7 * 86_400_000;

/** The outcome of each slot, read from the log; also for a deleted job, whose history stays. */
export function ledgerRoutes({
  log,
  fold,
  clock,
  requests,
  tzdataVersion,
}: LedgerRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });
  const today = slotVersionsWith(tzdataVersion);
  const milestones = createMilestones(log);

  /** Without a change by a client since then, what is known of the job today was so at that time. */
  function shortCut(cronId: string, from: number): LedgerStart | undefined {
    const folded = fold.get(cronId);
    if (folded === undefined) return undefined;
    const { deleted, schedule_error, updated_at, config, was_reset } = folded.job;
    if (deleted || was_reset || schedule_error !== null || updated_at >= from) return undefined;
    return { version: folded.version, record: recordBefore(from, { ...config, since: updated_at }) };
  }

  const slots = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const query = parseQuery(requests.slots, request);
    const now = clock.now();
    // A slot that has just come is in the range.
    const soon = Math.floor(now / 1000 + 1) * 1000;
    const to = query.to ?? (query.from === undefined ? soon : query.from + USUAL_RANGE_MS);
    const from = query.from ?? to - USUAL_RANGE_MS;
    if (from >= to) throw invalidRequest([{ field: 'to', message: 'must be later than from' }]);
    const range = { from, to, limit: query.limit, now, today };
    const hints = { start: shortCut(cronId, from), wasReset: fold.get(cronId)?.job.was_reset ?? true };
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort(NO_REASON);
    });
    if (response.closed) gone.abort(NO_REASON);
    const reading = { log, milestones, nextSlice: inSlices(clock), signal: gone.signal };
    const ledger = await readSlotLedger(reading, cronId, range, hints);
    if (gone.signal.aborted) return;
    if (ledger === undefined)
      throw new DomainError('cron_job_not_found', `there has never been a cron job ${cronId}`);
    response.json(ledgerBody(cronId, { from, to }, ledger));
  };

  router.route('/:id/slots').get(slots).all(onlyMethods('GET', 'HEAD'));
  return router;
}

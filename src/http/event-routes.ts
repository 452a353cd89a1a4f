import { Router, type Request, type Response } from 'express';
import type { AuditIndex } from '../history/audit-index.js';
import { auditOfJob } from '../history/audit-of-job.js';
import { isOfStream, type AuditQuery } from '../history/audit-query.js';
import type { JobHistory } from '../history/job-history.js';
import { DomainError } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { cursorText } from './cursor.js';
import { eventsOfJobQuery, eventsQuery, USUAL_EVENTS, type EventsQuery } from './event-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { invalidRequest, ProblemError } from './problem.js';
import { READS_LAG } from './send-command.js';
import { unaskedPage } from './unasked-page.js';
import { untilGone } from './until-gone.js';

export interface EventRoutesDependencies {
  log: Pick<EventLog, 'readStream'>;
  clock: Clock;
  history: JobHistory;
  audit: AuditIndex;
}

/** Who did what, when and why: the events of a job, also of a deleted one, and those of all jobs by what is asked. */
export function eventRoutes({ log, clock, history, audit }: EventRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  const ofJob = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { order, limit, cursor } = parseQuery(eventsOfJobQuery, request);
    const most = limit ?? USUAL_EVENTS;
    const query = { order, after: cursor?.version, limit: most };
    const { entries, more } = await auditOfJob({ log, history, clock }, cronId, query);
    if (entries.length === 0 && (await history.newestVersion(cronId)) === 0)
      throw new DomainError('cron_job_not_found', `there has never been a cron job ${cronId}`);
    const data = limit === undefined ? unaskedPage(entries) : entries;
    const last = more || data.length < entries.length ? data.at(-1) : undefined;
    const next_cursor = last === undefined ? null : cursorText({ version: last.version });
    response.json({ data, pagination: { limit: most, next_cursor } });
  };

  const all = untilGone(async (request, response, gone) => {
    const asked = parseQuery(eventsQuery, request);
    const query = queryOf(asked);
    const page = await audit.page(query, gone);
    if (page === undefined) throw behind();
    if (page.isBehind) response.set(READS_LAG, 'true');
    const data = asked.limit === undefined ? unaskedPage(page.entries) : page.entries;
    const next = data.length < page.entries.length ? page.places[data.length - 1] : page.next;
    const next_cursor = next === undefined ? null : cursorText(next);
    response.json({ data, pagination: { limit: query.limit, next_cursor } });
  });

  router.route('/events').get(all).all(onlyMethods('GET', 'HEAD'));
  router.route('/:id/events').get(ofJob).all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** @throws ProblemError invalid_request where parameters do not fit each other */
function queryOf({ cron_id, actor, type, from, to, limit, cursor }: EventsQuery): AuditQuery {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidRequest([{ field: 'to', message: 'must be later than from' }]);
  const question = { cronId: cron_id, actor, types: type };
  if (cursor !== undefined && isOfStream(question) !== 'version' in cursor)
    throw invalidRequest([{ field: 'cursor', message: 'must be the next_cursor of the same question' }]);
  return { ...question, from, to, after: cursor, limit: limit ?? USUAL_EVENTS };
}

function behind(): ProblemError {
  const detail =
    'the index of events is being made anew from the log and lacks some of them; nothing was lost, try again';
  return new ProblemError({ status: 503, code: 'reads_behind', detail });
}

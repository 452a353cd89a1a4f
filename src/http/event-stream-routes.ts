import { Router, type Request, type Response } from 'express';
import { JOB_STREAM_PREFIX, jobStream } from '../events/stream-names.js';
import type { JobFold } from '../fold/job-fold.js';
import type { JobsFollower } from '../fold/jobs-follower.js';
import { createEventFeed, type FollowedEvents } from '../history/event-feed.js';
import { auditEntry } from '../history/audit-entry.js';
import type { JobHistory } from '../history/job-history.js';
import type { TellingDependencies } from '../history/told-event.js';
import { DomainError } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import { abortWith } from '../waiting/abort-with.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { eventFrame, START_ID } from './event-frame.js';
import { answerEventStream, streamHeaders } from './event-stream.js';
import { eventStreamQuery, type EventStreamQuery } from './event-stream-query.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { createPlaces } from './places.js';
import { principalOf, stillMay } from './principal-of.js';
import { invalidRequest } from './problem.js';
import { untilOver } from './until-over.js';
import { untilGone } from './until-gone.js';

export interface EventStreamRoutesDependencies {
  log: EventLog;
  fold: Pick<JobFold, 'get'>;
  /** The follower of the jobs. */
  follower: Pick<JobsFollower, 'position' | 'lastOfJobs' | 'tap'>;
  history: Pick<JobHistory, 'newestVersion' | 'configAt'>;
  clock: Clock;
  ids: Pick<Ids, 'random'>;
  logger: Logger;
  /** Aborts when the service stops: no stream delays that, its client connects elsewhere. */
  stopping: AbortSignal;
}

/** Of 500 connections that there may be. */
const PLACES = { code: 'too_many_streams', what: 'streams of events', most: 100, mostOfOne: 20 } as const;

/** Where a stream begins. */
interface Begin {
  from: Position;
  /**
   * What its client is told: the place of the last event of a job up to there. Events of the lease are in the log, too, and
   * are dropped later: a client that came back with the place of one would be refused.
   */
  shown: Position;
}

/** Events of one job, or of all jobs, as they come. */
export function eventStreamRoutes(dependencies: EventStreamRoutesDependencies): Router {
  const { log, fold, follower, history, clock, ids, logger, stopping } = dependencies;
  const router = Router({ caseSensitive: true });
  const { configAt } = history;
  const textOf: TellingDependencies['textOf'] = (recorded, before) =>
    eventFrame(auditEntry(recorded, before));
  const feed = createEventFeed({ log, clock, logger, source: follower, configAt, textOf });
  const places = createPlaces(PLACES);

  /** A client that connects again repeats its first parameters: the header is newer. */
  async function beginOf(request: Request<object>, query: EventStreamQuery): Promise<Begin> {
    const header = request.get('last-event-id') ?? '';
    const given = header === '' ? query.last_event_id : header;
    if (given === START_ID || (given === undefined && query.from === 'start'))
      return { from: START, shown: START };
    if (given === undefined) {
      // Asked before the end of the log, so that it is not behind that.
      const shown = follower.lastOfJobs();
      return { shown, from: await log.head() };
    }
    if ((await log.eventIdAt(given)) !== undefined) return { from: given, shown: given };
    const field = header === '' ? 'last_event_id' : 'Last-Event-ID';
    throw invalidRequest([{ field, message: 'must be an id of a stream of this log' }]);
  }

  async function assertKnown(cronId: string): Promise<void> {
    if (fold.get(cronId) === undefined && (await history.newestVersion(cronId)) === 0)
      throw new DomainError('cron_job_not_found', `there has never been a cron job ${cronId}`);
  }

  async function answer(request: Request<object>, response: Response, gone: AbortSignal, cronId?: string) {
    const query = parseQuery(eventStreamQuery, request);
    if (cronId !== undefined) await assertKnown(cronId);
    const { from, shown } = await beginOf(request, query);
    if (request.method === 'HEAD') {
      streamHeaders(response);
      response.end();
      return;
    }
    const over = abortWith(gone, stopping);
    const { signal } = over;
    const end = (): void => {
      over.abort(NO_REASON);
    };
    const followed = { from, ...choiceOf(query, cronId) };
    await Promise.all([
      untilOver({ clock, ids, signal, mayGoOn: () => stillMay(response, 'read') }).finally(end),
      answerEventStream({ response, clock, signal, from: shown }, (reader) =>
        feed.follow(followed, reader),
      ).finally(end),
    ]);
  }

  async function oneOfSome(request: Request<object>, response: Response, gone: AbortSignal, cronId?: string) {
    const leave = places.take(principalOf(response).actor);
    try {
      await answer(request, response, gone, cronId);
    } finally {
      leave();
    }
  }

  router
    .route('/events/stream')
    .get(untilGone((request, response, gone) => oneOfSome(request, response, gone)))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/:id/events/stream')
    .get(
      untilGone<{ id: string }>((request, response, gone) =>
        oneOfSome(request, response, gone, parseCronId(request.params.id)),
      ),
    )
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function choiceOf({ type }: EventStreamQuery, cronId: string | undefined): Omit<FollowedEvents, 'from'> {
  const types = type && new Set<string>(type);
  const prefix = cronId === undefined ? JOB_STREAM_PREFIX : jobStream(cronId);
  return {
    prefix,
    wants: (event) =>
      (cronId === undefined || event.stream === prefix) && (types === undefined || types.has(event.type)),
  };
}

import { Router, type Request, type Response } from 'express';
import { cronIdOf, JOB_STREAM_PREFIX, jobStream } from '../events/stream-names.js';
import type { JobFold } from '../fold/job-fold.js';
import { createEventFeed, type FollowedEvents } from '../history/event-feed.js';
import { historyEntry, needsConfigBefore } from '../history/history-entry.js';
import type { JobHistory } from '../history/job-history.js';
import type { JobEventSource } from '../history/live-events.js';
import { DomainError } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { abortWith } from '../waiting/abort-with.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { eventFrame } from './event-frame.js';
import { answerEventStream, streamHeaders } from './event-stream.js';
import { eventStreamQuery, type EventStreamQuery } from './event-stream-query.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { invalidRequest, ProblemError } from './problem.js';
import { untilGone } from './until-gone.js';

export interface EventStreamRoutesDependencies {
  log: EventLog;
  fold: Pick<JobFold, 'get'>;
  /** The follower of the jobs. */
  follower: JobEventSource;
  history: Pick<JobHistory, 'newestVersion' | 'configAt'>;
  clock: Clock;
  logger: Logger;
  /** Aborts when the service stops: no stream delays that, its client connects elsewhere. */
  stopping: AbortSignal;
}

/** Of 500 connections that there may be: streams are never cut to make room, so they must not become all of them. */
const MOST_STREAMS = 100;
const RETRY_AFTER_SECONDS = '10';

/** Events of one job, or of all jobs, as they come. */
export function eventStreamRoutes(dependencies: EventStreamRoutesDependencies): Router {
  const { log, fold, follower, history, clock, logger, stopping } = dependencies;
  const router = Router({ caseSensitive: true });
  const nextSlice = inSlices(clock);
  const feed = createEventFeed({ log, clock, logger, source: follower, tell });
  let open = 0;

  async function tell(recorded: RecordedEvent): Promise<string> {
    const { stream, version } = recorded;
    const before = needsConfigBefore(recorded)
      ? await history.configAt(cronIdOf(stream), version - 1)
      : undefined;
    await nextSlice();
    return eventFrame(historyEntry(recorded, before));
  }

  /** A client that connects again repeats its first parameters: the header is newer. */
  async function placeOf(request: Request<object>, query: EventStreamQuery): Promise<Position> {
    const header = request.get('last-event-id') ?? '';
    const given = header === '' ? query.last_event_id : header;
    if (given === undefined) return query.from === 'start' ? START : log.head();
    if ((await log.eventIdAt(given)) !== undefined) return given;
    const field = header === '' ? 'last_event_id' : 'Last-Event-ID';
    throw invalidRequest([{ field, message: 'must be the position of an event of this log' }]);
  }

  async function assertKnown(cronId: string): Promise<void> {
    if (fold.get(cronId) === undefined && (await history.newestVersion(cronId)) === 0)
      throw new DomainError('cron_job_not_found', `there has never been a cron job ${cronId}`);
  }

  async function answer(request: Request<object>, response: Response, gone: AbortSignal, cronId?: string) {
    const query = parseQuery(eventStreamQuery, request);
    if (cronId !== undefined) await assertKnown(cronId);
    const from = await placeOf(request, query);
    if (request.method === 'HEAD') {
      streamHeaders(response);
      response.end();
      return;
    }
    const over = abortWith(gone, stopping);
    try {
      const followed = { from, ...choiceOf(query, cronId) };
      await answerEventStream({ response, clock, signal: over.signal }, (reader) =>
        feed.follow(followed, reader),
      );
    } finally {
      over.abort(NO_REASON);
    }
  }

  async function oneOfSome(request: Request<object>, response: Response, gone: AbortSignal, cronId?: string) {
    if (open >= MOST_STREAMS) throw tooMany();
    open++;
    try {
      await answer(request, response, gone, cronId);
    } finally {
      open--;
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

function tooMany(): ProblemError {
  const detail = `${MOST_STREAMS} streams of events are open, as many as there may be`;
  const headers = { 'Retry-After': RETRY_AFTER_SECONDS };
  return new ProblemError({ status: 503, code: 'too_many_streams', detail, headers });
}

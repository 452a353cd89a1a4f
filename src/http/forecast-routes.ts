import { Router, type Response } from 'express';
import { compareBytes } from '../expiry-check/compare-bytes.js';
import { expiryDayOf, localDayOf } from '../expiry-check/expiry-day.js';
import type { DueReminder } from '../expiry-check/reminder-due.js';
import type { Outlook } from '../expiry-check/outlook.js';
import type { JobFold } from '../fold/job-fold.js';
import type { CronJob } from '../job/cron-job.js';
import { noSuchJob } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import type { ReminderPlace } from '../ports/read-store.js';
import { SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { dateText } from '../schedule/local-times.js';
import { turnInTime } from '../waiting/turn-in-time.js';
import { createTurns } from '../waiting/turns.js';
import { answerCsv } from './csv-answer.js';
import { cursorText } from './cursor.js';
import { whenRemindersKnown } from './known-reminders.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { reminderRow } from './people-bodies.js';
import { forecastQuery, USUAL_ROWS } from './certification-requests.js';
import { invalidRequest, ProblemError } from './problem.js';
import { untilGone } from './until-gone.js';

export interface ForecastRoutesDependencies {
  outlook: Pick<Outlook, 'knowsReminders' | 'forecast'>;
  fold: Pick<JobFold, 'refresh'>;
  clock: Clock;
}

/** Each walks over the whole registry. */
const WALKS_AT_ONCE = 2;
/** Clients would not wait much longer. */
const PATIENCE_MS = 10_000;
const COLUMNS = [
  'certification_id',
  'mentor_id',
  'type',
  'expires_at',
  'days_left',
  'threshold_days',
] as const;

/** Whom a run of a job would remind, by the check itself. Stores nothing. */
export function forecastRoutes({ outlook, fold, clock }: ForecastRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });
  // A file goes on for as long as its client takes it: pages must not wait for that.
  const turnsOf = { json: createTurns(WALKS_AT_ONCE), csv: createTurns(WALKS_AT_ONCE) };

  /** @throws ProblemError too_many_forecasts */
  async function inTurn(format: keyof typeof turnsOf, walk: () => Promise<void>): Promise<void> {
    const end = await turnInTime(turnsOf[format], clock, PATIENCE_MS);
    if (end === undefined) throw tooMany();
    try {
      await walk();
    } finally {
      end();
    }
  }

  /** Another instance may have changed it just now. */
  async function presentJob(cronId: string): Promise<CronJob> {
    const job = (await fold.refresh(cronId))?.job;
    if (job === undefined || job.deleted) throw noSuchJob(cronId, job !== undefined);
    return job;
  }

  async function answerPage(
    job: CronJob,
    asked: Asked,
    { response, gone, stillKnown }: Answering,
  ): Promise<void> {
    const { on, after, limit } = asked;
    const found: DueReminder[] = [];
    const onReminder = (reminder: DueReminder): void => {
      if (found.length <= limit && isBehind(reminder, after)) found.push(reminder);
    };
    const goOn = (): void => {
      gone.throwIfAborted();
    };
    const result = await outlook.forecast(job, { day: dayOf(on), onReminder, goOn });
    await stillKnown();
    const data = found.slice(0, limit);
    const last = found.length > limit ? data.at(-1) : undefined;
    const next_cursor = last === undefined ? null : cursorText({ ...placeOf(last), on });
    response.json({ on, data: data.map(reminderRow), result, pagination: { limit, next_cursor } });
  }

  const forecast = untilGone<{ id: string }>(async (request, response, gone) => {
    const cronId = parseCronId(request.params.id);
    const { on: given, limit, cursor, format } = parseQuery(forecastQuery, request);
    if (given !== undefined && cursor !== undefined && cursor.on !== given)
      throw invalidRequest([{ field: 'cursor', message: `is that of the forecast on ${cursor.on}` }]);
    const job = await presentJob(cronId);
    // All pages are of one day, also when midnight comes between them.
    const on =
      given ?? cursor?.on ?? dateText(localDayOf(clock.now(), job.config.time_zone) * SECONDS_PER_DAY);
    const stillKnown = await whenRemindersKnown(outlook, gone);
    await inTurn(format, async () => {
      gone.throwIfAborted();
      if (format === 'json') {
        await answerPage(
          job,
          { on, after: cursor, limit: limit ?? USUAL_ROWS },
          { response, gone, stillKnown },
        );
        return;
      }
      const file = { name: `forecast-${cronId}-${on}.csv`, columns: COLUMNS };
      await answerCsv({ request, response, gone }, file, async (write) => {
        let left = limit ?? Infinity;
        const onReminder = (reminder: DueReminder): Promise<void> | undefined => {
          if (left === 0 || !isBehind(reminder, cursor)) return undefined;
          left--;
          const row = reminderRow(reminder);
          return write(COLUMNS.map((column) => row[column]));
        };
        const goOn = (): void => {
          gone.throwIfAborted();
        };
        await outlook.forecast(job, { day: dayOf(on), onReminder, goOn });
        await stillKnown();
      });
    });
  });

  router.route('/:id/forecast').get(forecast).all(onlyMethods('GET', 'HEAD'));
  return router;
}

interface Asked {
  /** A date. */
  on: string;
  after: ReminderPlace | undefined;
  limit: number;
}

interface Answering {
  response: Response;
  gone: AbortSignal;
  stillKnown: () => Promise<void>;
}

function dayOf(date: string): number {
  return expiryDayOf(date, 'UTC');
}

function placeOf({ mentor_id, certification_id }: ReminderPlace): ReminderPlace {
  return { mentor_id, certification_id };
}

function isBehind({ mentor_id, certification_id }: ReminderPlace, after: ReminderPlace | undefined): boolean {
  if (after === undefined) return true;
  const order = compareBytes(mentor_id, after.mentor_id);
  return order > 0 || (order === 0 && compareBytes(certification_id, after.certification_id) > 0);
}

function tooMany(): ProblemError {
  const detail = `${WALKS_AT_ONCE} forecasts are made at a time, and others have waited for longer; try again`;
  return new ProblemError({ status: 503, code: 'too_many_forecasts', detail });
}

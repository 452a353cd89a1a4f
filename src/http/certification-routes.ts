import { Router, type Response } from 'express';
import { localDayOf } from '../expiry-check/expiry-day.js';
import type { Outlook } from '../expiry-check/outlook.js';
import type { JobFold } from '../fold/job-fold.js';
import type { Clock } from '../ports/clock.js';
import type { CertificationQuery } from '../ports/certification-registry.js';
import { turnWithTime } from '../waiting/turn-with-time.js';
import { answerCsv, type CsvValue, type WriteRow } from './csv-answer.js';
import { cursorText } from './cursor.js';
import type { JobReads } from './job-reads.js';
import type { JobRequests } from './job-requests.js';
import { whenRemindersKnown } from './known-reminders.js';
import { onlyMethods } from './only-methods.js';
import { parseQuery } from './parse-request.js';
import { explainedBody, listedBody } from './people-bodies.js';
import {
  certificationId,
  certificationsQuery,
  USUAL_ROWS,
  type CertificationsQuery,
} from './certification-requests.js';
import { ProblemError } from './problem.js';
import { unaskedPage } from './unasked-page.js';
import { untilGone } from './until-gone.js';

export interface CertificationRoutesDependencies {
  outlook: Pick<Outlook, 'knowsReminders' | 'explain' | 'list'>;
  jobs: Pick<JobReads, 'list'>;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  requests: Pick<JobRequests, 'page'>;
}

/** Of a file: read at a stretch, since each call to the registry has its price. */
const PAGE = 250;
/** Written at a stretch. */
const PIECE = 100;
/** Those that `import` reads, and what it passes over. */
const COLUMNS = [
  ...(['certification_id', 'mentor_id', 'expires_at', 'type', 'labels', 'status', 'renewable_from'] as const),
  'days_left' as const,
];

type Body = ReturnType<typeof listedBody>;

/** The records of the registry: by their expiry, and one with what was and will be done about it. */
export function certificationRoutes(dependencies: CertificationRoutesDependencies): Router {
  const { outlook, jobs, fold, clock, requests } = dependencies;
  const router = Router({ caseSensitive: true });
  const today = (): number => localDayOf(clock.now(), 'UTC');

  async function writeAll(query: CertificationQuery, write: WriteRow): Promise<void> {
    const day = today();
    let after = query.after;
    for (let left = query.limit; left > 0;) {
      const limit = Math.min(left, PAGE);
      await turnWithTime(clock);
      const found = await outlook.list({ ...query, after, limit });
      for (const [index, listed] of found.entries()) {
        if (index % PIECE === 0) await turnWithTime(clock);
        const body = listedBody(listed, day);
        const taken = write(COLUMNS.map((column) => valueOf(body, column)));
        if (taken !== undefined) await taken;
      }
      if (found.length < limit) return;
      after = found.at(-1)?.place;
      left -= limit;
    }
  }

  async function answerPage(
    query: CertificationQuery,
    isLimited: boolean,
    response: Response,
  ): Promise<void> {
    const day = today();
    const found = await outlook.list({ ...query, limit: query.limit + 1 });
    const bodies = found.slice(0, query.limit).map((listed) => listedBody(listed, day));
    const data = isLimited ? bodies : unaskedPage(bodies);
    const last = found.length > data.length ? found[data.length - 1] : undefined;
    const next_cursor = last === undefined ? null : cursorText(last.place);
    response.json({ data, pagination: { limit: query.limit, next_cursor } });
  }

  const list = untilGone(async (request, response, gone) => {
    const asked = parseQuery(certificationsQuery, request);
    const query = queryOf(asked, today());
    if (asked.format === 'json') {
      await answerPage(query, asked.limit !== undefined, response);
      return;
    }
    const file = { name: 'certifications.csv', columns: COLUMNS };
    await answerCsv({ request, response, gone }, file, (write) =>
      writeAll({ ...query, limit: asked.limit ?? Infinity }, write),
    );
  });

  const details = untilGone<{ certification_id: string }>(async (request, response, gone) => {
    const id = certificationId.safeParse(request.params.certification_id);
    const { page, limit } = parseQuery(requests.page, request);
    if (!id.success) throw notFound();
    const { jobs: listed, total } = await jobs.list({ offset: (page - 1) * limit, limit });
    const stillKnown = await whenRemindersKnown(outlook, gone);
    const known = listed.flatMap(({ cron_id }) => fold.get(cron_id)?.job ?? []);
    const explained = await outlook.explain(
      id.data,
      known.filter(({ deleted }) => !deleted),
    );
    if (explained === undefined) throw notFound();
    await stillKnown();
    response.json(explainedBody(explained, { page, limit, total }, today()));
  });

  router.route('/certifications').get(list).all(onlyMethods('GET', 'HEAD'));
  router.route('/certifications/:certification_id').get(details).all(onlyMethods('GET', 'HEAD'));
  return router;
}

function queryOf(asked: CertificationsQuery, today: number): CertificationQuery {
  const { expired, expires_within, type, label, status, mentor_id, sort, cursor, limit } = asked;
  const untilDays = [
    ...(expired === true ? [today - 1] : []),
    ...(expires_within === undefined ? [] : [today + expires_within]),
  ];
  return {
    expiresFrom: expired === false ? today : undefined,
    expiresUntil: untilDays.length === 0 ? undefined : Math.min(...untilDays),
    type,
    label,
    status,
    mentorId: mentor_id,
    order: sort === 'expires_at' ? 'ascending' : 'descending',
    after: cursor,
    limit: limit ?? USUAL_ROWS,
  };
}

function valueOf(body: Body, column: (typeof COLUMNS)[number]): CsvValue {
  const value = body[column];
  return typeof value === 'object' && value !== null ? value.join('|') : value;
}

function notFound(): ProblemError {
  const detail = 'the registry has no such certification';
  return new ProblemError({ status: 404, code: 'certification_not_found', detail });
}

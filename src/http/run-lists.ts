import { Router, type Request, type RequestHandler, type Response } from 'express';
import { toTimestamp } from '../events/timestamp.js';
import type { RunDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import type { RunFilter, RunsAsked } from '../ports/run-search.js';
import { cursorText } from './cursor.js';
import { runInList } from './job-bodies.js';
import type { JobReads } from './job-reads.js';
import { runsOfJobQuery, runsQuery, type RunFilters } from './list-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery } from './parse-request.js';
import { invalidRequest } from './problem.js';
import { shortHash } from './short-hash.js';

export interface RunListsDependencies {
  jobs: Pick<JobReads, 'find' | 'whole'>;
  store: Pick<ReadStore, 'listRuns' | 'findRuns' | 'countRuns'>;
}

/** So many runs are counted for a page: of more its `total` is null. */
const MOST_COUNTED = 1_000;

/** `find` refuses a row of a job that is far behind, and the rows of its runs are written before it. */
const isAsTheJob = (): boolean => true;

function placeOf({ started_at, run_id }: Pick<RunDocument, 'started_at' | 'run_id'>) {
  return { started_at, run_id };
}

/** @returns a page of the runs that fit, and the place of its last one where more follow */
async function pageOf(store: RunListsDependencies['store'], asked: RunsAsked) {
  const { limit } = asked;
  const found = await store.findRuns({ ...asked, limit: limit + 1 });
  const runs = found.slice(0, limit);
  const last = found.length > limit ? runs.at(-1) : undefined;
  return { data: runs.map(runInList), next: last && placeOf(last) };
}

/** Past runs, newest first: of a job, and of all jobs. */
export function runLists({ jobs, store }: RunListsDependencies): Router {
  const router = Router({ caseSensitive: true });

  /** A job's runs are numbered without gaps, so a page is a range of numbers and the last costs what the first does. */
  async function numbered(
    cronId: string,
    asked: { before: number | undefined; page: number; limit: number },
  ) {
    const { before, page, limit } = asked;
    const { run_count: total } = await jobs.find(cronId);
    const newest = before === undefined ? total - (page - 1) * limit : Math.min(before - 1, total);
    const oldest = newest - limit + 1;
    const found = newest < 1 ? [] : await store.listRuns(cronId, { from: oldest, to: newest });
    return { data: found.map(runInList), total, oldest };
  }

  const ofJob = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { page: asked, limit, cursor, ...filters } = parseQuery(runsOfJobQuery, request);
    const of = digestOf(filters, cronId);
    assertFits(filters, cursor?.of ?? of, of);
    if (cursor !== undefined && asked !== undefined)
      throw invalidRequest([{ field: 'page', message: 'must be left out beside cursor' }]);
    const isFiltered = Object.values(filters).some((value) => value !== undefined);
    if (isFiltered && (asked ?? 1) > 1)
      throw invalidRequest([
        { field: 'page', message: 'must be left out beside filters: the next page is found by next_cursor' },
      ]);
    const page = cursor?.page ?? asked ?? 1;
    if (!isFiltered) {
      const before = cursor !== undefined && 'run_no' in cursor ? cursor.run_no : undefined;
      const { data, total, oldest } = await jobs.whole(
        () => numbered(cronId, { before, page, limit }),
        isAsTheJob,
      );
      const next_cursor = oldest <= 1 ? null : cursorText({ run_no: oldest, page: page + 1, of });
      response.json({ data, pagination: { page, limit, total, next_cursor } });
      return;
    }
    const filter = { cronId, ...filterOf(filters) };
    const place = cursor !== undefined && 'run_id' in cursor ? placeOf(cursor) : undefined;
    const { data, total, next } = await jobs.whole(async () => {
      await jobs.find(cronId);
      const counted = await store.countRuns(filter, MOST_COUNTED);
      return { total: counted ?? null, ...(await pageOf(store, { ...filter, after: place, limit })) };
    }, isAsTheJob);
    const next_cursor = next === undefined ? null : cursorText({ ...next, page: page + 1, of });
    response.json({ data, pagination: { page, limit, total, next_cursor } });
  };

  const ofAll: RequestHandler = async (request, response) => {
    const { limit, cursor, ...filters } = parseQuery(runsQuery, request);
    const of = digestOf(filters, null);
    assertFits(filters, cursor?.of ?? of, of);
    const { data, next } = await jobs.whole(() =>
      pageOf(store, { ...filterOf(filters), after: cursor && placeOf(cursor), limit }),
    );
    const next_cursor = next === undefined ? null : cursorText({ ...next, of });
    response.json({ data, pagination: { limit, next_cursor } });
  };

  router.route('/runs').get(ofAll).all(onlyMethods('GET', 'HEAD'));
  router.route('/:id/runs').get(ofJob).all(onlyMethods('GET', 'HEAD'));
  return router;
}

function filterOf({ status, trigger, dry_run, from, to }: RunFilters): RunFilter {
  return {
    status,
    trigger,
    dryRun: dry_run,
    from: from === undefined ? undefined : toTimestamp(from),
    to: to === undefined ? undefined : toTimestamp(to),
  };
}

/** Pages may change their size on the way, but not what they are of. */
function digestOf({ status, trigger, dry_run, from, to }: RunFilters, cronId: string | null): string {
  return shortHash({ cronId, status, trigger, dry_run, from, to });
}

/** @throws ProblemError invalid_request where parameters do not fit each other */
function assertFits({ from, to }: RunFilters, ofCursor: string, of: string): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw invalidRequest([{ field: 'to', message: 'must be later than from' }]);
  if (ofCursor !== of)
    throw invalidRequest([{ field: 'cursor', message: 'must be the next_cursor of the same question' }]);
}

import {
  isOfFewKinds,
  pageOf,
  type JobFilter,
  type JobsAsked,
  type JobsFound,
  type ListedJob,
} from '../../ports/job-list.js';
import { JOB_TRAITS, traitsThatFit } from '../job-traits.js';
import { questionOf, type Entry, type Place, type Question } from './job-question.js';
import type { Few } from './job-statements.js';
import type { Query } from './read-file.js';
import type { PlaceStatements } from './read-statements.js';
import { damaged, documentOf, type StoredRow } from './stored-row.js';

/** So few jobs are looked at one by one, and sorted: 3 ms. Of more than so many, those that fit lie close to each other. */
const SORTED = 2_000;
/** Entries of an index that one call looks up at most. */
const SLICE = 1_000;
/** Rows that one call reads in the order of the file. */
const SCANNED = 4_000;
/** Entries of an index that are passed over take 8 ns each from its beginning, 65 ns each behind a place. */
const SKIPPED_FIRST = 200_000;
const SKIPPED_AT_ONCE = 20_000;
interface FewJobs {
  set: Few;
  label?: string;
  keys?: readonly string[];
}

/** See `ReadStore.listJobs`. Each query is synchronous and short: few jobs are sorted, the others are walked in order. */
export async function listJobs(query: Query, path: string, asked: JobsAsked): Promise<JobsFound> {
  const filter = asked.filter ?? {};
  const traits = traitsThatFit(filter);
  const question = questionOf(asked, filter, traits);
  const isCounted = isOfFewKinds(filter);
  const fitIn = (counts: Map<number, number>): number =>
    sumOf(traits.map((number) => counts.get(number) ?? 0));
  if (isCounted && isOfPresenceAlone(filter))
    return pass(query, question, (live, entries) => ({
      ...pageOf(documentsOf(live, path, entries), asked),
      total: fitIn(countsIn(live, path)),
    }));
  const begun = await query((live) => {
    const counts = countsIn(live, path);
    const fit = fitIn(counts);
    const isRare =
      fit <= SORTED && fit * fit <= (asked.offset + asked.limit + 1) * sumOf([...counts.values()]);
    return { fit, few: isRare ? ({ set: 'traits' } as const) : fewOf(live, filter) };
  });
  const { fit, few } = begun;
  if (few !== undefined) return query((live) => sortFew(live, path, question, few));
  let total = isCounted ? fit : asked.total;
  if (total === undefined || (!isCounted && total <= SORTED)) {
    const { keys, ...scanned } = await scan(query, question);
    if (keys !== undefined) return query((live) => sortFew(live, path, question, { set: 'keys', keys }));
    total = scanned.total;
  }
  const isBeyond = asked.after === undefined && asked.offset >= total;
  return { ...pageOf(isBeyond ? [] : await walk(query, path, question), asked), total };
}

function isOfPresenceAlone({ status, enabled, lastRunStatus, hasWarnings }: JobFilter): boolean {
  return [status, enabled, lastRunStatus, hasWarnings].every((asked) => asked === undefined);
}

/** By the number of their combination. @throws StoreError store_damaged */
function countsIn({ jobs }: PlaceStatements, path: string): Map<number, number> {
  const rows = jobs.counts.all() as { traits: number; jobs: number }[];
  if (rows.length !== JOB_TRAITS.length || rows.some((row) => row.jobs < 0))
    throw damaged(path, 'the number of jobs');
  return new Map(rows.map((row) => [row.traits, row.jobs]));
}

/** A set that holds all that fit, if an index knows a small one. */
function fewOf({ jobs }: PlaceStatements, { dueBefore, labels = [] }: JobFilter): FewJobs | undefined {
  const isFew = (found: unknown): boolean => (found as number) <= SORTED;
  if (dueBefore !== undefined && isFew(jobs.someDue.get(dueBefore, SORTED + 1))) return { set: 'due' };
  const label = labels.find((each) => isFew(jobs.someOfLabel.get(each, SORTED + 1)));
  return label === undefined ? undefined : { set: 'label', label };
}

function sortFew(live: PlaceStatements, path: string, question: Question, few: FewJobs): JobsFound {
  const { asked, filters, start, orderIn } = question;
  const { set, label = null, keys } = few;
  const all = { ...filters, few: label, keys: keys === undefined ? null : JSON.stringify(keys) };
  const page = { ...all, ...start, limit: asked.limit + 1, offset: asked.offset };
  const entries = orderIn(live).among(set).all(page) as Entry[];
  const total = live.jobs.countAmong[set].get(all) as number;
  return { ...pageOf(documentsOf(live, path, entries), asked), total };
}

/** Counts what fits by looking at each job, in pieces. @returns its keys, too, if it is little */
async function scan(
  query: Query,
  { filters }: Question,
): Promise<{ total: number; keys: readonly string[] | undefined }> {
  let [total, from] = [0, 0];
  const keys: string[] = [];
  for (let isOver = false; !isOver;) {
    const range = { ...filters, from, to: from + SCANNED };
    const isFew = total <= SORTED;
    const piece = await query(({ jobs }) => {
      const last = (jobs.lastRow.get() as number | null) ?? 0;
      if (!isFew) return { last, keys: [], fit: jobs.scanCount.get(range) as number };
      const found = jobs.scan.all(range) as string[];
      return { last, keys: found, fit: found.length };
    });
    total += piece.fit;
    keys.push(...piece.keys);
    from += SCANNED;
    isOver = from >= piece.last;
  }
  return { total, keys: total <= SORTED ? keys : undefined };
}

/**
 * A page of all jobs that are there: those before it are only passed over.
 * @param answer is called in the call that finds the page, so its total is of the same moment
 */
async function pass(
  query: Query,
  { asked, presence, orderIn, start }: Question,
  answer: (live: PlaceStatements, entries: readonly Entry[]) => JobsFound,
): Promise<JobsFound> {
  let [at, left]: [Place, number] = [start, asked.offset];
  for (;;) {
    const isFirst = left === asked.offset && asked.after === undefined && presence.length === 1;
    const passed = Math.min(left, isFirst ? SKIPPED_FIRST : SKIPPED_AT_ONCE);
    const piece = await query((live) => {
      const { first, passed: behind, all } = orderIn(live);
      const skip = isFirst ? first : behind;
      const place = passed === 0 ? at : (skip(presence).get({ ...at, passed }) as Entry | undefined);
      if (place !== undefined && passed < left) return place;
      const from = { ...place, limit: asked.limit + 1 };
      return answer(live, place === undefined ? [] : (all(presence).all(from) as Entry[]));
    });
    if ('jobs' in piece) return piece;
    at = piece;
    left -= passed;
  }
}

/** A page of those that fit, found on the way in their order: where nothing fits for long, the walk goes on in pieces. */
async function walk(query: Query, path: string, question: Question): Promise<ListedJob[]> {
  const { asked, filters, presence, orderIn, start, end } = question;
  const found: ListedJob[] = [];
  let left = asked.offset;
  for (let place: Place | undefined = start; place !== undefined && found.length <= asked.limit;) {
    const from: Place = place;
    const limit = left + asked.limit + 1 - found.length;
    const piece = await query((live) => {
      const { passed, fitting } = orderIn(live);
      const goOn = passed(presence).get({ ...from, passed: SLICE }) as Entry | undefined;
      const to = goOn ?? end;
      const range = { ...filters, ...from, endValue: to.value, endKey: to.key, limit };
      const entries = fitting(presence).all(range) as Entry[];
      return { goOn, fit: entries.length, jobs: documentsOf(live, path, entries.slice(left)) };
    });
    left -= Math.min(left, piece.fit);
    found.push(...piece.jobs);
    place = piece.goOn;
  }
  return found;
}

/** Read in the call that found them: by another one they might fit no more. */
function documentsOf({ jobs }: PlaceStatements, path: string, entries: readonly Entry[]): ListedJob[] {
  const keys = entries.map(({ key }) => key);
  const rows = jobs.byKeys.all(JSON.stringify(keys)) as StoredRow[];
  const found = new Map(rows.map((row) => [row.key, documentOf('jobs', row, path) as ListedJob]));
  return keys.flatMap((key) => found.get(key) ?? []);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

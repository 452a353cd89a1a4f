import type { Response } from 'express';
import type { JobFold } from '../fold/job-fold.js';
import type { Clock } from '../ports/clock.js';
import type { RunDocument } from '../ports/read-models.js';
import { abortWith } from '../waiting/abort-with.js';
import { isAborted } from '../waiting/is-aborted.js';
import { createNews, type News } from '../waiting/news.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { createPauses } from '../waiting/pauses.js';
import { holdAnswer } from './held-answers.js';
import type { JobReads } from './job-reads.js';
import { createPlaces } from './places.js';
import { principalOf } from './principal-of.js';
import { ProblemError } from './problem.js';

export interface RunWaits {
  /**
   * Takes a place for a request that will wait.
   * @returns gives it back
   * @throws ProblemError too_many_waits
   */
  take(response: Response): () => void;
  /**
   * Waits until a run has ended, whichever instance performs it, and the read models show that; or until the time is over, or
   * the service stops.
   * @returns the run as the read models show it then
   * @throws what `findRun` does; null when the client has hung up
   */
  untilEnded(run: Run, wait: Wait): Promise<RunDocument>;
}

export interface Run {
  cronId: string;
  runId: string;
}

export interface Wait {
  seconds: number;
  /** Of the request that waits. */
  response: Response;
  gone: AbortSignal;
}

export interface RunWaitsDependencies {
  fold: Pick<JobFold, 'get' | 'onChange'>;
  jobs: Pick<JobReads, 'findRun'>;
  bringUpRows: (cronId: string, version: number) => Promise<boolean>;
  clock: Clock;
  /** Aborts when the service stops. */
  stopping: AbortSignal;
}

const PLACES = {
  code: 'too_many_waits',
  what: 'requests that wait for a run',
  most: 250,
  mostOfOne: 100,
} as const;
/** Where the rows are behind by so much that only the projector can bring them up. */
const LOOKS = { firstMs: 100, longestMs: 1_000 };

/** A run for which somebody waits. */
interface Watch {
  waiting: number;
  /** Ends it when nobody waits any more. */
  over: AbortController;
  outcome: { run: RunDocument } | { error: unknown } | undefined;
  settled: News;
}

/**
 * Requests that wait for a run. The fold tells, as it follows the log: it knows of an end before the projector has written
 * it, so the rows are brought up then, and nobody is told what a read after it would not show. All that wait for one run
 * cost the stores what one does.
 */
export function createRunWaits(dependencies: RunWaitsDependencies): RunWaits {
  const { fold, jobs, bringUpRows, clock, stopping } = dependencies;
  const places = createPlaces(PLACES);
  const watches = new Map<string, Watch>();
  /** The rows that are being read of runs that have not ended in time. */
  const readings = new Map<string, Promise<RunDocument>>();
  /** Changes of the jobs whose runs are watched. */
  const changes = new Map<string, Set<News>>();
  fold.onChange(({ job }) => changes.get(job.cron_id)?.forEach((news) => news.tell()));

  function isOpen(cronId: string, runId: string): boolean {
    return fold.get(cronId)?.job.open_runs.some(({ run_id }) => run_id === runId) === true;
  }

  /** Rows that are being made anew may lack it until then. */
  async function endedRow(cronId: string, runId: string): Promise<RunDocument | undefined> {
    try {
      const run = await jobs.findRun(cronId, runId);
      return hasEnded(run) ? run : undefined;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'reads_behind') return undefined;
      throw error;
    }
  }

  async function endOf({ cronId, runId }: Run, news: News, signal: AbortSignal): Promise<RunDocument> {
    const looks = createPauses(LOOKS);
    for (;;) {
      while (isOpen(cronId, runId) && !isAborted(signal)) await news.next(signal);
      signal.throwIfAborted();
      await bringUpRows(cronId, fold.get(cronId)?.version ?? 0);
      const run = await endedRow(cronId, runId);
      if (run !== undefined) return run;
      // Or it was another instance that has started the run, and this one has not read of it yet.
      await clock.sleep(looks.next(), signal);
    }
  }

  function begin(key: string, run: Run): Watch {
    const watch: Watch = {
      waiting: 0,
      over: new AbortController(),
      outcome: undefined,
      settled: createNews(),
    };
    const news = createNews();
    const ofJob = changes.get(run.cronId) ?? new Set();
    changes.set(run.cronId, ofJob.add(news));
    watches.set(key, watch);
    const settle = (outcome: Watch['outcome']): void => {
      ofJob.delete(news);
      if (ofJob.size === 0) changes.delete(run.cronId);
      if (watches.get(key) === watch) watches.delete(key);
      watch.outcome = outcome;
      watch.settled.tell();
    };
    void endOf(run, news, watch.over.signal).then(
      (found) => {
        settle({ run: found });
      },
      (error: unknown) => {
        settle({ error });
      },
    );
    return watch;
  }

  /** Whose time is over together reads together. */
  function asItIs(run: Run): Promise<RunDocument> {
    const key = keyOf(run);
    const reading =
      readings.get(key) ??
      jobs.findRun(run.cronId, run.runId).finally(() => {
        readings.delete(key);
      });
    readings.set(key, reading);
    return reading;
  }

  /** @returns undefined when `signal` has aborted before */
  async function whenEnded(run: Run, signal: AbortSignal): Promise<RunDocument | undefined> {
    const key = keyOf(run);
    const watch = watches.get(key) ?? begin(key, run);
    watch.waiting++;
    while (watch.outcome === undefined && !isAborted(signal)) await watch.settled.next(signal);
    if (--watch.waiting === 0 && watch.outcome === undefined) {
      watches.delete(key);
      watch.over.abort(NO_REASON);
    }
    const { outcome } = watch;
    if (outcome !== undefined && 'error' in outcome) throw outcome.error;
    return outcome?.run;
  }

  return {
    take: (response) => places.take(principalOf(response).actor),
    async untilEnded(run, { seconds, response, gone }) {
      const over = abortWith(gone, stopping);
      const release = holdAnswer(response, clock);
      void clock.sleep(seconds * 1000, over.signal).then(() => {
        over.abort(NO_REASON);
      });
      try {
        const ended = await whenEnded(run, over.signal);
        if (ended !== undefined) return ended;
      } finally {
        over.abort(NO_REASON);
        release();
      }
      gone.throwIfAborted();
      return asItIs(run);
    },
  };
}

function keyOf({ cronId, runId }: Run): string {
  return `${cronId} ${runId}`;
}

export function hasEnded({ status }: Pick<RunDocument, 'status'>): boolean {
  return status !== 'running';
}

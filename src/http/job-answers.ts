import type { Response } from 'express';
import type { JobBody, ShownJobBody } from '../answers/job-answers.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import type { Clock } from '../ports/clock.js';
import type { JobDocument } from '../ports/read-models.js';
import { jobBody, shownAfter, type ShownJob } from './job-bodies.js';
import { ifReadable, type JobReads } from './job-reads.js';
import type { PastJob } from './past-jobs.js';
import { etagOf } from './condition-of.js';
import type { Unchangeable } from './read-only-fields.js';
import { READS_LAG, type Sent } from './send-command.js';

export interface JobAnswersDependencies {
  jobs: Pick<JobReads, 'find'>;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  allowSeconds: boolean;
}

/** How the routes answer with a job. */
export type JobAnswers = ReturnType<typeof createJobAnswers>;

export function createJobAnswers({ jobs, fold, clock, allowSeconds }: JobAnswersDependencies) {
  const options = { allowSeconds };

  function bodyOf(shown: ShownJob, job = fold.get(shown.cron_id)?.job): JobBody {
    return jobBody(shown, job && settledAheadUntil(job, clock.now(), options), options);
  }

  /** Changes do not depend on the read store. */
  const rowOf = (cronId: string): Promise<JobDocument | undefined> => ifReadable(jobs.find(cronId));

  /** What a body that a client sends back must agree with. */
  async function unchangeableOf(cronId: string): Promise<Unchangeable> {
    const row = await rowOf(cronId);
    const known = fold.get(cronId)?.job;
    const created = row?.created_at ?? undefined;
    return {
      id: cronId,
      // Memory does not keep that of a deleted job.
      key: known === undefined || known.deleted ? row?.key : known.key,
      created_at: created === undefined ? undefined : toWholeSeconds(created),
    };
  }

  /** The job as a command has left it. */
  async function answerChanged(sent: Sent, response: Response): Promise<void> {
    response.set('ETag', etagOf(sent.job)).json(await changedBody(sent, response));
  }

  async function changedBody({ job, projected, document }: Sent, response: Response): Promise<JobBody> {
    const row = document ?? (projected ? await rowOf(job.cron_id) : undefined);
    if (row === undefined) response.set(READS_LAG, 'true');
    return bodyOf(shownAfter(job, row, options), job);
  }

  /** A job as it was, with what tells which one it is. */
  function pastBody({ version, at, document, job }: PastJob): ShownJobBody {
    const body = jobBody(document, settledAheadUntil(job, at, options), options);
    return {
      ...body,
      deleted_at: document.deleted_at === null ? null : toWholeSeconds(document.deleted_at),
      version,
      as_of: toTimestamp(at),
    };
  }

  return { bodyOf, unchangeableOf, answerChanged, changedBody, pastBody };
}

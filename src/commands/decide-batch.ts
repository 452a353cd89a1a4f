import type { JobEvent } from '../events/parse-event.js';
import type { FoldedJob, JobFold } from '../fold/job-fold.js';
import { decide } from '../job/decide.js';
import { acceptRequest, repeatOf } from '../job/accept-request.js';
import { assertHolds } from '../job/condition.js';
import { DomainError, hasMoved, noSuchJob } from '../job/domain-error.js';
import { evolve, type CronJob } from '../job/cron-job.js';
import type { Clock } from '../ports/clock.js';
import type { NewEvent } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';
import type { CommandRequest } from './command-request.js';
import { stamp } from './stamp.js';

export interface DecideBatchDependencies {
  fold: JobFold;
  clock: Clock;
  ids: Ids;
  allowSeconds: boolean;
  /** Days before the expiry, of jobs without thresholds of their own; recorded in each run. */
  thresholds: readonly number[];
  /** Version of the time zone data that slots are computed with; recorded in the metadata of decisions. */
  tzdataVersion: string;
}

/** What was decided on the commands of one job, to be written together. */
export interface DecidedBatch {
  /** The version that it was decided on; 0 when there is no such job. */
  version: number;
  /** In the order of the commands. */
  decisions: Decision[];
}

export type Decision =
  /**
   * The job after the command, undefined when there is none; and what leads there.
   * @param repeats the version of the RequestAccepted that the request repeats: it was carried out then
   */
  { job: CronJob | undefined; events: NewEvent[]; repeats?: number } | { error: unknown };

/**
 * Decides the commands of one job, each on the state that those before it lead to. Events are fenced by the version they
 * are appended at. A refusal, or nothing to do, has no such fence, and another instance may just have changed the job: so
 * those are decided on what the log says.
 */
export interface DecideBatch {
  /** On the state in memory; undefined when the log must be read first. */
  onKnown(cronId: string, requests: readonly CommandRequest[]): DecidedBatch | undefined;
  /** On the newest state. @throws StoreError when the log cannot be read */
  onNewest(cronId: string, requests: readonly CommandRequest[]): Promise<DecidedBatch>;
}

export function createDecideBatch(dependencies: DecideBatchDependencies): DecideBatch {
  const { fold, clock, ids, allowSeconds, thresholds, tzdataVersion } = dependencies;
  /** Any change of a job may settle slots, so every decision records the versions they were computed with. */
  const computedWith = slotVersionsWith(tzdataVersion);

  function decideOn(folded: FoldedJob | undefined, requests: readonly CommandRequest[]) {
    const decisions: Decision[] = [];
    let job = folded?.job;
    let version = folded?.version ?? 0;
    let isSure = true;
    for (const request of requests) {
      const { command, cause } = request;
      try {
        const now = clock.now();
        const repeats = request.key && repeatOf(job, command, request.key, now);
        if (repeats !== undefined) {
          isSure = false;
          decisions.push({ job, events: [], repeats });
          continue;
        }
        const decided = decideOne(job, request, { version, now });
        const { events } = decided;
        job = decided.job;
        version += events.length;
        // A Tick comes again.
        isSure &&= events.length > 0 || command.type === 'Tick';
        const stamped = events.map((event) => stamp(event, { ...cause, ...computedWith }, ids));
        decisions.push({ job, events: stamped });
      } catch (error) {
        isSure &&= !(error instanceof DomainError);
        decisions.push({ error });
      }
    }
    return { isSure, version: folded?.version ?? 0, decisions };
  }

  /** @throws DomainError, ScheduleError */
  function decideOne(
    job: CronJob | undefined,
    { cronId, command, cause, key, condition }: CommandRequest,
    { version, now }: { version: number; now: number },
  ): { job: CronJob | undefined; events: JobEvent[] } {
    const events = decide(job, command, { cronId, version, now, allowSeconds, thresholds });
    const decidedOn = 'version' in command ? command.version : version;
    if (decidedOn !== version) throw hasMoved(cronId);
    if (condition !== undefined) {
      // To a declaration a deleted job is none.
      const present = command.type === 'DeclareCronJob' && job?.deleted === true ? undefined : job;
      assertHolds(condition, cronId, command.type === 'RestoreCronJob' ? command.deleted : present);
    }
    const after = events.reduce((before, event, index) => evolve(before, event, version + index + 1), job);
    if (key === undefined) return { job: after, events };
    if (after === undefined) throw noSuchJob(cronId, false);
    const { actor } = cause;
    const accepted = acceptRequest(after, key, { actor, events: events.length, now });
    const asked = [...events, accepted];
    return { job: evolve(after, accepted, version + asked.length, actor), events: asked };
  }

  return {
    onKnown(cronId, requests) {
      const { isSure, ...decided } = decideOn(fold.get(cronId), requests);
      return isSure ? decided : undefined;
    },
    async onNewest(cronId, requests) {
      const { version, decisions } = decideOn(await fold.refresh(cronId), requests);
      return { version, decisions };
    },
  };
}

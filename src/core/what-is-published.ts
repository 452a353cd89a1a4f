import type { JobBody } from '../answers/job-answers.js';
import { createStillDueReminders } from '../expiry-check/still-due-reminders.js';
import type { JobFold } from '../fold/job-fold.js';
import type { JobsFollower } from '../fold/jobs-follower.js';
import type { JobHistory } from '../history/job-history.js';
import { createPassingStates } from '../history/passing-states.js';
import type { JobStates } from '../messaging/changed-jobs.js';
import type { StillWanted } from '../messaging/republishing.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import type { ProjectionRunner } from '../projections/projection-runner.js';
import { createRulesOfRuns } from '../runs/rules-of-runs.js';

export interface PublishedParts {
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
  clock: Clock;
  logger: Logger;
  fold: Pick<JobFold, 'get'>;
  jobs: Pick<JobsFollower, 'whenAt'>;
  /** The projector of jobs and runs. */
  projected: Pick<ProjectionRunner, 'whenProjected'>;
  history: JobHistory;
  options: {
    thresholds: readonly number[];
    allowSeconds: boolean;
    showJob: (document: JobDocument, now: number) => JobBody;
  };
}

/** What the publisher has to ask the other parts. */
export function whatIsPublished(parts: PublishedParts): { states: JobStates; wanted: StillWanted } {
  const { log, store, registry, clock, logger, fold, jobs, projected, history, options } = parts;
  const rulesOf = createRulesOfRuns({ store, fold, thresholds: options.thresholds });
  const { take, after } = createPassingStates(history, options);
  return {
    states: { take, after, show: (document) => options.showJob(document, clock.now()) },
    wanted: {
      async whenKnown(position, signal) {
        await jobs.whenAt(position, signal);
        await projected.whenProjected(position, signal);
      },
      isOpen: (event) => isOpen(event, fold),
      stillDue: createStillDueReminders({ log, registry, clock, logger, rulesOf }),
    },
  };
}

function isOpen({ data: { cron_id, run_id } }: RecordedEvent, fold: Pick<JobFold, 'get'>): boolean {
  const job = typeof cron_id === 'string' ? fold.get(cron_id)?.job : undefined;
  return job?.open_runs.some((run) => run.run_id === run_id) ?? false;
}

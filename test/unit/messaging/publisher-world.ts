import type { JobBody } from '../../../src/answers/job-answers.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { createJobHistory, type JobHistory } from '../../../src/history/job-history.js';
import { createPassingStates } from '../../../src/history/passing-states.js';
import { jobState } from '../../../src/http/job-bodies.js';
import type { JobStates } from '../../../src/messaging/changed-jobs.js';
import type { StillWanted } from '../../../src/messaging/republishing.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import type { JobDocument } from '../../../src/ports/read-models.js';

/** When the jobs of a test are looked at. */
export const NOW = Date.parse('2026-03-26T10:00:00.000Z');

const show = (document: JobDocument): JobBody => jobState(document, NOW, { allowSeconds: true });

/** Whatever the log has asked for is wanted. */
export const ALL_WANTED: StillWanted = {
  whenKnown: () => Promise.resolve(),
  isOpen: () => true,
  stillDue: (events) => Promise.resolve(new Set(events)),
};

/** By the log alone, without snapshots. */
export function historyOf(log: EventLog): JobHistory {
  const store = { snapshotBefore: () => Promise.resolve(undefined) };
  const modelsLag = { isLong: () => Promise.resolve(false) };
  return createJobHistory({ log, store, clock: systemClock, modelsLag }, { allowSeconds: true });
}

export function statesOf(log: EventLog): JobStates {
  const { take, after } = createPassingStates(historyOf(log), { allowSeconds: true });
  return { take, after, show };
}

/** For events that are none of a job. */
export const NO_JOBS: JobStates = {
  take: () => undefined,
  after: () => Promise.resolve(undefined),
  show,
};

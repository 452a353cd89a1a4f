import type { JobBody } from '../answers/job-answers.js';
import { createCommandHandler, type CommandHandler } from '../commands/handle-commands.js';
import { LEADER_LEASE_STREAM } from '../events/stream-names.js';
import { checkExpiry } from '../expiry-check/check-expiry.js';
import { createOutlook, type Outlook } from '../expiry-check/outlook.js';
import type { Fleet } from '../fleet/fleet.js';
import { createJobFold, type JobFold } from '../fold/job-fold.js';
import { createJobsFollower, type JobsFollower } from '../fold/jobs-follower.js';
import { startFold } from '../fold/start-fold.js';
import { createJobHistory, type JobHistory } from '../history/job-history.js';
import { createLeadership, type Leadership } from '../leadership/leadership.js';
import { createMessaging, type Messaging } from '../messaging/messaging.js';
import type { Adapters } from '../ports/adapters.js';
import type { Clock } from '../ports/clock.js';
import type { AppendedEvent, Position } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { createBringUpRows, type BringUpRows } from '../projections/bring-up-rows.js';
import { projectionGroups, type GroupName } from '../projections/groups.js';
import { createMendingStore } from '../projections/mending-store.js';
import { createModelsLag, type ModelsLag } from '../projections/models-lag.js';
import { createOwnWritesProjection } from '../projections/project-own-writes.js';
import { createProjectionRunner, type ProjectionRunner } from '../projections/projection-runner.js';
import type { CheckedRun, RunOutcome } from '../runs/checked-run.js';
import { createPerformRun } from '../runs/perform-run.js';
import { createScheduler } from '../scheduler/scheduler.js';
import { fleetOf } from './fleet-of.js';
import { createLeaderDuties } from './leader-duties.js';
import { serviceOrder } from './service-order.js';
import { createServices, type Services } from './services.js';
import { whatIsPublished } from './what-is-published.js';

/** The service without its edges: commands, fold, projections, scheduler and worker over the ports. */
export interface Core extends Services {
  /** The time that everything is decided by. */
  clock: Clock;
  /** The read models; damage that is met in them is mended. */
  store: ReadStore;
  fold: JobFold;
  /** Hands on each event of a job once it is folded. */
  follower: Pick<JobsFollower, 'position' | 'lastOfJobs' | 'tap'>;
  commands: CommandHandler;
  fleet: Pick<Fleet, 'state'>;
  leadership: Pick<Leadership, 'state'>;
  projections: Readonly<Record<GroupName, ProjectionRunner>>;
  modelsLag: ModelsLag;
  /** The same of the index of events. */
  auditLag: ModelsLag;
  /** For readers who know of an event before the projector has written it. */
  bringUpRows: BringUpRows;
  /** Any job as it was. */
  history: JobHistory;
  outlook: Outlook;
  /** Traffic over the message bus; undefined without a bus. */
  messaging: Messaging | undefined;
}

export interface CoreOptions {
  /** Lease duration: how long others wait for the leader to renew, milliseconds. */
  leaseMs: number;
  allowSeconds: boolean;
  /** Days before expiry, descending. */
  thresholds: readonly number[];
  /** Hours without a word from the owner of the registry, after which runs warn; null: never. */
  maxAgeHours: number | null;
  /** Longest sleep of the scheduler: timers count monotonic time, so it checks often for a step of the wall clock. */
  longestSleepMs: number;
  /** Who performs runs: this service, or another one that gets them over the message bus. */
  executor: 'builtin' | 'external';
  /** What others see of a job. @param now epoch milliseconds */
  showJob: (document: JobDocument, now: number) => JobBody;
  /** The work of a run, where it is not just the check. */
  check?: typeof checkExpiry;
  /** Called with the events of jobs that this instance has written, after each write and before they are folded. */
  onAppended: (events: readonly AppendedEvent[]) => void;
}

/**
 * Wires the parts together; sees only ports. Its `stop` closes no store. Its `start` throws when a store is unusable,
 * and waits for one that is only down.
 */
export function createCore(adapters: Omit<Adapters, 'close' | 'lost'>, options: CoreOptions): Core {
  const { instance, tzdataVersion, ids, logger, log, registry, bus } = adapters;
  const { leaseMs, allowSeconds, thresholds, maxAgeHours, longestSleepMs, executor, onAppended } = options;
  const groups = projectionGroups({ allowSeconds });
  const store = createMendingStore(Object.values(groups), { log, store: adapters.store, ids, logger });
  const fleet = fleetOf(adapters, options);
  const { clock } = fleet;
  const projections = {
    jobs: createProjectionRunner(groups.jobs, { log, store, clock, ids, logger }),
    reminders: createProjectionRunner(groups.reminders, { log, store, clock, ids, logger }),
    audit: createProjectionRunner(groups.audit, { log, store, clock, ids, logger }),
  };
  const fold = createJobFold(log);
  const seed = (signal: AbortSignal): Promise<Position> =>
    startFold({ log, store, clock, logger, fold, group: groups.jobs, projections }, signal);
  const jobs = createJobsFollower({ log, fold, clock, logger, seed, onResume: projections.reminders.doubt });
  const modelsLag = createModelsLag(groups.jobs, { store, clock, reader: jobs });
  const auditLag = createModelsLag(groups.audit, { store, clock, reader: jobs });
  const projectOwn = createOwnWritesProjection(groups.jobs, { log, store, clock, logger });
  const bringUpRows = createBringUpRows(groups.jobs, { log, store, clock });
  const handling = { log, fold, clock, ids, allowSeconds, thresholds, tzdataVersion, projectOwn, onAppended };
  const commands = createCommandHandler(handling);

  const check = async (run: CheckedRun): Promise<RunOutcome> => {
    // Whom it may remind, and how many they are, must be known before the first reminder is written.
    const stillKnown = await projections.reminders.whenKnown(await log.head(), run.signal);
    const checking = { registry, log, store, clock, ids, logger, maxAgeHours, stillKnown };
    return (options.check ?? checkExpiry)(run, checking);
  };
  const performRun = createPerformRun({ fold, commands, clock, logger, check, thresholds });
  const history = createJobHistory({ log, store, clock, modelsLag }, options);
  const projected = projections.jobs;
  const told = { log, store, registry, clock, logger, fold, jobs, projected, history, options };
  const { states, wanted } = whatIsPublished(told);
  const exchanged = { log, registry, clock, logger, commands, performRun, executor, states, wanted };
  const messaging = bus && createMessaging({ bus, ...exchanged });
  const scheduler = createScheduler({ fold, commands, clock, ids, logger, allowSeconds, longestSleepMs });
  const election = { log, clock, ids, logger, instance, leaseMs, stream: LEADER_LEASE_STREAM };
  const leadership = createLeadership(election);
  const duties = createLeaderDuties({
    log,
    clock,
    logger,
    fold,
    jobs,
    scheduler,
    projecting: [projections.jobs.run, projections.reminders.run, projections.audit.run],
    publish: messaging?.publish,
    performRun: messaging === undefined ? performRun : undefined,
  });
  const outlook = createOutlook(adapters, options, { store, clock, reminders: projections.reminders });
  const ordered = { fleet, jobs, scheduler, leadership, duties, messaging };
  const { start, stop } = createServices(serviceOrder(ordered, { clock, logger, bus }), clock);
  const state = { clock, store, fold, follower: jobs, fleet, leadership, projections, modelsLag, auditLag };
  return Object.assign(state, { history, commands, bringUpRows, outlook, messaging, start, stop });
}

import { createJobsFollower } from '../fold/jobs-follower.js';
import { createCommandHandler, type CommandHandler } from '../commands/handle-commands.js';
import { createJobFold, type JobFold } from '../fold/job-fold.js';
import { whenLogAnswers } from '../waiting/when-log-answers.js';
import { LEADER_LEASE_STREAM } from '../events/stream-names.js';
import type { checkExpiry } from '../expiry-check/check-expiry.js';
import { createLeaderDuties } from './leader-duties.js';
import { createLeadership, type Leadership } from '../leadership/leadership.js';
import { createMessaging, type Messaging } from '../messaging/messaging.js';
import { createPerformRun } from '../runs/perform-run.js';
import type { Adapters } from '../ports/adapters.js';
import { projectionGroups, type GroupName } from '../projections/groups.js';
import { createOwnWritesProjection } from '../projections/project-own-writes.js';
import { createProjectionRunner, type ProjectionRunner } from '../projections/projection-runner.js';
import { seedFold } from '../fold/seed-fold.js';
import { inTime } from '../waiting/in-time.js';
import { START, type Position } from '../ports/event-log.js';
import { StoreError } from '../ports/store-error.js';
import { createScheduler } from '../scheduler/scheduler.js';

/** The service without its edges: commands, fold, projections, scheduler and worker over the ports. */
export interface Core {
  fold: JobFold;
  commands: CommandHandler;
  leadership: Pick<Leadership, 'state'>;
  projections: Readonly<Record<GroupName, ProjectionRunner>>;
  /** What goes over the message bus; undefined where there is none. */
  messaging: Messaging | undefined;
  /**
   * Reads the log, then stands for election; who leads schedules and takes up the runs that are open. `stop` may come
   * while it is under way.
   * @throws what makes a store unusable from the start; one that is only down is waited for
   */
  start(): Promise<void>;
  /** Stops scheduling, gives up checks (they are taken up by the next leader), releases the lease, lets the followers end. Closes no store. */
  stop(): Promise<void>;
}

export interface CoreOptions {
  /** How long others wait for a sign of the leader, milliseconds. */
  leaseMs: number;
  allowSeconds: boolean;
  /** Days before expiry, descending. */
  thresholds: readonly number[];
  /** How long the scheduler sleeps at most: timers count monotonic time, so it looks often whether the wall clock has stepped. */
  longestSleepMs: number;
  /** Who performs runs: this service, or another one that is told by the message bus. */
  executor: 'builtin' | 'external';
  /** The work of a run. */
  check: typeof checkExpiry;
  /** Told of each slot that this instance has started: how late, milliseconds. */
  onSlotStarted: (lateByMs: number) => void;
}

/** What waits for brokers or a store that hang is not waited for: the next start goes on from what is there. */
const ENDS_WITHIN_MS = 2_000;

/** What is put together from what, over the ports alone. */
export function createCore(adapters: Adapters, options: CoreOptions): Core {
  const { clock, logger, log, bus } = adapters;
  const { thresholds, executor, check } = options;
  const groups = projectionGroups(options);
  const stopping = new AbortController();
  /** The fold is kept up until everything that decides on it has ended. */
  const over = new AbortController();
  const leading: Promise<void>[] = [];
  const following: Promise<void>[] = [];
  const consuming: Promise<void>[] = [];

  const fold = createJobFold(log);
  const jobs = createJobsFollower({ log, fold, clock, logger, seed });
  const onAppended = createOwnWritesProjection(groups.jobs, adapters);
  const commands = createCommandHandler({ ...adapters, ...options, fold, onAppended });
  const projections = {
    jobs: createProjectionRunner(groups.jobs, adapters),
    reminders: createProjectionRunner(groups.reminders, adapters),
  };
  const performRun = createPerformRun({
    ...adapters,
    fold,
    commands,
    check: async (run) => {
      await projections.reminders.whenProjected(await log.head(), run.signal);
      return check(run, { ...adapters, thresholds });
    },
  });
  const messaging = bus && createMessaging({ ...adapters, bus, commands, performRun }, executor);
  const scheduler = createScheduler({ ...adapters, ...options, fold, commands });
  const leadership = createLeadership({ ...adapters, ...options, stream: LEADER_LEASE_STREAM });
  const duties = createLeaderDuties({
    adapters,
    fold,
    jobs,
    scheduler,
    projecting: [projections.jobs.run, projections.reminders.run],
    publish: messaging?.publish,
    performRun: messaging === undefined ? performRun : undefined,
  });

  /** A start does not wait for the read store: then the projector does it later. */
  async function prepareModels(): Promise<void> {
    try {
      for (const projection of Object.values(projections)) await projection.prepare();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      logger.warn({ err: error }, 'the read store cannot be used yet');
    }
  }

  async function seed(): Promise<Position> {
    await whenLogAnswers(adapters, stopping.signal);
    if (stopping.signal.aborted) return START;
    await prepareModels();
    return seedFold(fold, groups.jobs, adapters);
  }

  async function catchUp(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      void jobs.caughtUp.then(resolve);
      following.push(jobs.run(over.signal).then(resolve, reject));
    });
  }

  async function endOrCut(): Promise<void> {
    const ended = Promise.all([...consuming, duties.ended()]).then(() => true);
    if (await inTime(clock, ENDS_WITHIN_MS, ended)) return;
    await bus?.close();
    if (await inTime(clock, ENDS_WITHIN_MS, ended)) return;
    logger.warn({}, 'a store hangs; what waits for it is given up');
  }

  return {
    fold,
    commands,
    leadership,
    projections,
    messaging,
    async start() {
      await catchUp();
      if (stopping.signal.aborted) return;
      following.push(scheduler.standBy(over.signal));
      leading.push(leadership.run(duties.lead, stopping.signal));
      if (messaging !== undefined) consuming.push(messaging.consume(stopping.signal));
    },
    async stop() {
      stopping.abort();
      await Promise.all(leading);
      await endOrCut();
      over.abort();
      await inTime(clock, ENDS_WITHIN_MS, Promise.all(following));
    },
  };
}

import { isJobEvent, parseEvent, UnreadableEventError, type JobEvent } from '../events/parse-event.js';
import { cronIdOf } from '../events/stream-names.js';
import { evolve, type CronJob } from '../job/cron-job.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import { decideAgain, type DecideAgainOptions, type OtherDecision } from './decide-again.js';
import { commandOf, createDecisions, type Decision } from './decision.js';
import { readSelected } from './read-selected.js';

/** A decision that today's code would not take, and what it would decide instead. */
export interface DecisionDifference extends OtherDecision {
  cronId: string;
  recorded: Decision;
}

export interface ReplayTotals {
  jobs: number;
  events: number;
  /** Decided again. */
  ticks: number;
  commands: number;
  differences: number;
  /** Of these: by other time zone data, another slot engine, or a clock that is not in the log. */
  explained: number;
  /** Decisions whose events do not tell the command. */
  unknown: number;
  /** Jobs with an event that cannot be read: nothing after it is decided again. */
  unreadable: number;
}

export interface ReplayOptions extends DecideAgainOptions {
  /** Null: all jobs. */
  job: string | null;
  onDifference: (difference: DecisionDifference) => Promise<void> | void;
  onUnreadable: (place: { cronId: string; version: number; message: string }) => Promise<void> | void;
  onProgress: (events: number) => void;
  /** Ends it early. */
  signal: AbortSignal;
}

interface Replayed {
  /** Before the decision that is being put together. */
  job: CronJob | undefined;
  decisions: ReturnType<typeof createDecisions>;
  isUnreadable: boolean;
}

/** Walks over a log and decides again, job by job, what it has recorded. Memory is that of the jobs' states. @throws StoreError */
export async function replayDecisions(log: EventLog, options: ReplayOptions): Promise<ReplayTotals> {
  const replay = createReplay(options);
  const selection = { job: options.job, people: false, from: null, to: null };
  const { onProgress } = options;
  for await (const batch of readSelected(log, selection, { head: await log.head(), onProgress })) {
    for (const recorded of batch) await replay.take(recorded);
    if (options.signal.aborted) return replay.totals();
  }
  await replay.end();
  return replay.totals();
}

function createReplay(options: ReplayOptions) {
  const totals = {
    jobs: 0,
    events: 0,
    ticks: 0,
    commands: 0,
    differences: 0,
    explained: 0,
    unknown: 0,
    unreadable: 0,
  };
  const jobs = new Map<string, Replayed>();

  async function check(replayed: Replayed, decision: Decision | undefined): Promise<void> {
    if (decision === undefined) return;
    const { job } = replayed;
    replayed.job = decision.events.reduce<CronJob | undefined>(
      (before, event, index) => evolve(before, event, decision.version + index),
      job,
    );
    const command = commandOf(decision, job);
    if (command === undefined) {
      totals.unknown++;
      return;
    }
    totals[command.type === 'Tick' ? 'ticks' : 'commands']++;
    const other = decideAgain(job, decision, command, options);
    if (other === undefined) return;
    totals.differences++;
    if (other.explained !== null) totals.explained++;
    const { today, explained } = other;
    await options.onDifference({
      cronId: decision.events[0].data.cron_id,
      recorded: decision,
      today,
      explained,
    });
  }

  async function read(replayed: Replayed, recorded: RecordedEvent): Promise<JobEvent | undefined> {
    try {
      const event = parseEvent(recorded);
      return event !== undefined && isJobEvent(event) ? event : undefined;
    } catch (error) {
      if (!(error instanceof UnreadableEventError)) throw error;
      replayed.isUnreadable = true;
      // It may be one of those that were decided with it.
      replayed.decisions = createDecisions();
      totals.unreadable++;
      const { stream, version } = recorded;
      await options.onUnreadable({ cronId: cronIdOf(stream), version, message: error.message });
      return undefined;
    }
  }

  async function take(recorded: RecordedEvent): Promise<void> {
    const known = jobs.get(recorded.stream);
    totals.events++;
    const replayed = known ?? { job: undefined, decisions: createDecisions(), isUnreadable: false };
    if (known === undefined) jobs.set(recorded.stream, replayed);
    if (replayed.isUnreadable) return;
    const event = await read(replayed, recorded);
    if (event !== undefined) await check(replayed, replayed.decisions.take(event, recorded));
  }

  return {
    take,
    /** The last decision of each job is whole only now. */
    async end(): Promise<void> {
      for (const replayed of jobs.values()) await check(replayed, replayed.decisions.end());
    },
    totals: (): ReplayTotals => ({ ...totals, jobs: jobs.size }),
  };
}

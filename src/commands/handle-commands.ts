import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { AppendedEvent, EventLog, Outcome, Write } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { SLOT_ENGINE_VERSION } from '../schedule/slots.js';
import type { CronJob } from '../job/cron-job.js';
import { appendAgain } from './append-again.js';
import type { JobCommand } from '../job/decide.js';
import { createDecideFromFold } from './decide-from-fold.js';
import { DomainError } from '../job/domain-error.js';
import type { JobFold } from '../fold/job-fold.js';
import { stamp, type Cause } from './stamp.js';

export interface CommandRequest {
  cronId: string;
  command: JobCommand;
  cause: Cause;
}

export interface Handled {
  /** The job as it is after the command. */
  job: CronJob;
  version: number;
  /** What was appended; none when there was nothing to do. */
  events: AppendedEvent[];
}

/** Of a single command. */
export interface HandledAlone extends Handled {
  /** The read models have it; else they will, later. */
  projected: boolean;
}

export interface CommandHandler {
  /**
   * Decides and appends; on a conflict reads what came in between and decides again.
   * @throws DomainError, ScheduleError when the command is refused; StoreError when the log did not take it
   */
  handle(request: CommandRequest): Promise<HandledAlone>;
  /**
   * Many at once, in one append; the results in the order of the requests, each on its own.
   * @param assertMayAppend asked right before each append; what it throws ends all of it
   */
  handleAll(
    requests: readonly CommandRequest[],
    assertMayAppend?: () => void,
  ): Promise<PromiseSettledResult<Handled>[]>;
}

export interface CommandHandlerDependencies {
  log: EventLog;
  fold: JobFold;
  clock: Clock;
  ids: Ids;
  allowSeconds: boolean;
  /** The time zone data that slots are computed with: it goes into the metadata of what is decided. */
  tzdataVersion: string;
  /** Told of what a single command has appended before it is answered: read your writes. @returns whether they are read */
  onAppended: (events: readonly AppendedEvent[]) => Promise<boolean>;
  /** Told of each slot that was started, by whatever command: how late, milliseconds. */
  onSlotStarted: (lateByMs: number) => void;
}

const ATTEMPTS = 8;
const BACKOFF_MS = 5;
/** Decisions are synchronous, and after an outage there may be many long ones: requests get a turn in between. */
const DECIDING_AT_A_STRETCH_MS = 10;

type Result = PromiseSettledResult<Handled>;

/** In the order of the requests. */
type Results = Result[];

interface Pending {
  index: number;
  request: CommandRequest;
}

interface Decided {
  entry: Pending;
  write: Write;
}

export function createCommandHandler(dependencies: CommandHandlerDependencies): CommandHandler {
  const { log, fold, clock, ids, allowSeconds, tzdataVersion, onAppended, onSlotStarted } = dependencies;
  const decideFromFold = createDecideFromFold({ fold, clock, allowSeconds });
  /** Slots are settled by whatever changes a job, so every decision says what they were computed with. */
  const computedWith = { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: tzdataVersion };

  /** The decision on the state as we know it. */
  async function attempt(request: CommandRequest): Promise<{ write: Write; job: CronJob | undefined }> {
    const { cronId, cause } = request;
    const { folded, events } = await decideFromFold(request);
    const write = {
      stream: jobStream(cronId),
      expectedVersion: folded?.version ?? 0,
      events: events.map((event) => stamp(event, { ...cause, ...computedWith }, ids)),
    };
    return { write, job: folded?.job };
  }

  /** What is to be written; what has nothing to write has its result at once. */
  async function decideAll(pending: readonly Pending[], results: Results): Promise<Decided[]> {
    const decided: Decided[] = [];
    let since = clock.monotonic();
    for (const entry of pending) {
      if (clock.monotonic() - since > DECIDING_AT_A_STRETCH_MS) {
        await clock.yield();
        since = clock.monotonic();
      }
      try {
        const { write, job } = await attempt(entry.request);
        if (write.events.length > 0) decided.push({ entry, write });
        else results[entry.index] = succeeded(entry.request.cronId, job, write.expectedVersion, []);
      } catch (error) {
        results[entry.index] = { status: 'rejected', reason: error };
      }
    }
    return decided;
  }

  /** @returns its result; undefined when it has to be decided again */
  async function resultOf({ entry, write }: Decided, outcome?: Outcome): Promise<Result | undefined> {
    const { cronId } = entry.request;
    try {
      const events = outcome?.kind === 'appended' ? outcome.events : await findOwn(cronId, write);
      return events && succeeded(cronId, fold.get(cronId)?.job, events.at(-1)?.version ?? 0, events);
    } catch (error) {
      return { status: 'rejected', reason: error };
    }
  }

  async function handleAll(
    requests: readonly CommandRequest[],
    assertMayAppend = (): void => undefined,
  ): Promise<Result[]> {
    const results = new Array<Result>(requests.length);
    let pending: Pending[] = requests.map((request, index) => ({ index, request }));

    for (let tried = 0; pending.length > 0 && tried < ATTEMPTS; tried++) {
      if (tried > 0) await clock.sleep(BACKOFF_MS * tried * ids.random());
      const decided = await decideAll(pending, results);
      if (decided.length === 0) return results;

      const writes = decided.map(({ write }) => write);
      const outcomes = await appendAgain(writes, { log, clock, ids }, assertMayAppend);
      const appended = outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
      fold.apply(appended);
      tellOfSlots(appended);

      pending = [];
      for (const [at, one] of decided.entries()) {
        const outcome = outcomes[at];
        if (outcome?.kind !== 'appended') assertMayAppend();
        const result = await resultOf(one, outcome);
        if (result === undefined) pending.push(one.entry);
        else results[one.entry.index] = result;
      }
    }
    for (const { index, request } of pending) {
      const reason = new DomainError(
        'write_contention',
        `${request.cronId} is being changed by others; try again`,
      );
      results[index] = { status: 'rejected', reason };
    }
    return results;
  }

  /** After a conflict: what came in between, and whether it is our own attempt that an earlier, unanswered append left. */
  async function findOwn(cronId: string, write: Write): Promise<AppendedEvent[] | undefined> {
    const own = new Set(write.events.map(({ id }) => id));
    const tail = await log.readStream(write.stream, {
      direction: 'forwards',
      from: write.expectedVersion + 1,
      limit: write.events.length,
    });
    await fold.refresh(cronId);
    if (tail.length !== own.size || !tail.every(({ id }) => own.has(id))) return undefined;
    tellOfSlots(tail);
    return tail;
  }

  function tellOfSlots(events: readonly AppendedEvent[]): void {
    for (const { type, data } of events)
      if (type === 'RunStarted' && typeof data.late_by_ms === 'number') onSlotStarted(data.late_by_ms);
  }

  return {
    handleAll,
    async handle(request) {
      const [result] = await handleAll([request]);
      if (result?.status !== 'fulfilled') throw result?.reason;
      const projected = await onAppended(result.value.events);
      return { ...result.value, projected };
    },
  };
}

function succeeded(
  cronId: string,
  job: CronJob | undefined,
  version: number,
  events: AppendedEvent[],
): Result {
  if (job === undefined) {
    const reason = new DomainError('cron_job_not_found', `there is no cron job ${cronId}`);
    return { status: 'rejected', reason };
  }
  return { status: 'fulfilled', value: { job, version, events } };
}

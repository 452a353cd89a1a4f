import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent, EventLog, Outcome, Write } from '../ports/event-log.js';
import { appendAgain } from './append-again.js';
import { createDecideRequests, type DecideRequestsDependencies } from './decide-requests.js';
import { failed, succeeded, type CommandRequest, type Handled, type HandledResult } from './handled.js';

/** The result of a single command. */
export interface HandledAlone extends Handled {
  /** Whether the read models have it already; if not, they will later. */
  projected: boolean;
}

export interface CommandHandler {
  /**
   * Decides and appends; on a conflict reads the events in between and decides again.
   * @throws DomainError, ScheduleError when the command is refused; StoreError when the log did not take it
   */
  handle(request: CommandRequest): Promise<HandledAlone>;
  /**
   * Many at once, in one append; the results in the order of the requests, each on its own.
   * @param assertMayAppend called right before each append; an error that it throws ends the whole call
   */
  handleAll(requests: readonly CommandRequest[], assertMayAppend?: () => void): Promise<HandledResult[]>;
}

export interface CommandHandlerDependencies extends DecideRequestsDependencies {
  log: EventLog;
  /** Called with a single command's events before it is answered: read your writes. @returns whether they are read */
  onAppended: (events: readonly AppendedEvent[]) => Promise<boolean>;
  /** Called for each slot started, by any command, with its lateness in milliseconds. */
  onSlotStarted: (lateByMs: number) => void;
}

const ATTEMPTS = 8;
const BACKOFF_MS = 5;
/** A request whose result is not known yet, and its place among the others. */
interface Pending {
  index: number;
  request: CommandRequest;
}

interface Attempt extends Pending {
  write: Write;
}

export function createCommandHandler(dependencies: CommandHandlerDependencies): CommandHandler {
  const { log, fold, clock, ids, allowSeconds, tzdataVersion, onAppended, onSlotStarted } = dependencies;
  const decideRequests = createDecideRequests({ fold, clock, ids, allowSeconds, tzdataVersion });

  async function handleAll(
    requests: readonly CommandRequest[],
    assertMayAppend = (): void => undefined,
  ): Promise<HandledResult[]> {
    const results = new Array<HandledResult>(requests.length);
    let pending: Pending[] = requests.map((request, index) => ({ index, request }));
    for (let tried = 0; pending.length > 0 && tried < ATTEMPTS; tried++) {
      if (tried > 0) await clock.sleep(BACKOFF_MS * tried * ids.random());
      const attempts: Attempt[] = [];
      for (const [at, decision] of (await decideRequests(pending.map(({ request }) => request))).entries()) {
        const entry = pending[at];
        if (entry === undefined) continue;
        if ('result' in decision) results[entry.index] = decision.result;
        else attempts.push({ ...entry, write: decision.write });
      }
      pending = [];
      for (const [attempt, result] of await appendAttempts(attempts, assertMayAppend)) {
        if (result === undefined) pending.push(attempt);
        else results[attempt.index] = result;
      }
    }
    for (const { index, request } of pending) results[index] = failed(contention(request));
    return results;
  }

  /** @returns each attempt with its result; undefined when it has to be decided again */
  async function appendAttempts(
    attempts: readonly Attempt[],
    assertMayAppend: () => void,
  ): Promise<[Attempt, HandledResult | undefined][]> {
    if (attempts.length === 0) return [];
    const writes = attempts.map(({ write }) => write);
    const outcomes = await appendAgain(writes, { log, clock, ids }, assertMayAppend);
    const appended = outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
    fold.apply(appended);
    tellOfSlots(appended);
    const settled: [Attempt, HandledResult | undefined][] = [];
    for (const [at, attempt] of attempts.entries()) {
      const outcome = outcomes[at];
      if (outcome?.kind !== 'appended') assertMayAppend();
      settled.push([attempt, await resultOf(attempt, outcome)]);
    }
    return settled;
  }

  async function resultOf(
    { request, write }: Attempt,
    outcome?: Outcome,
  ): Promise<HandledResult | undefined> {
    const { cronId } = request;
    try {
      const events = outcome?.kind === 'appended' ? outcome.events : await findOwn(cronId, write);
      return events && succeeded(cronId, fold.get(cronId)?.job, events.at(-1)?.version ?? 0, events);
    } catch (error) {
      return failed(error);
    }
  }

  /** After a conflict, reads the events in between; returns them when our own earlier, unanswered append wrote them. */
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

function contention({ cronId }: CommandRequest): DomainError {
  return new DomainError('write_contention', `${cronId} is being changed by others; try again`);
}

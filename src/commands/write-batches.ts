import type { JobFold } from '../fold/job-fold.js';
import { jobStream } from '../events/stream-names.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent, EventLog, Outcome, Write } from '../ports/event-log.js';
import { mayPass } from '../ports/store-error.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { appendAgain } from './append-again.js';
import type { CommandRequest } from './command-request.js';
import { createDecideBatch, type DecideBatchDependencies, type DecidedBatch } from './decide-batch.js';
import { resultsOf } from './handled.js';
import type { Batch } from './mailboxes.js';
import type { QueuedCommand } from './queued-command.js';

export interface BatchWriterDependencies extends DecideBatchDependencies {
  log: EventLog;
  fold: JobFold;
  /** Called with what was appended to the streams of jobs, once for each event, before it is folded. */
  onAppended: (events: readonly AppendedEvent[]) => void;
}

const BACKOFF_MS = 5;
const LONGEST_BACKOFF_MS = 50;
/** One call to the log has about this many at most: a Tick of many jobs with a backlog each has far more in all. */
const EVENTS_OF_A_CALL = 20_000;

interface Attempt extends DecidedBatch {
  batch: Batch<QueuedCommand>;
  write: Write;
}

/** @returns a function that decides batches of different jobs, and appends what was decided in one call */
export function createBatchWriter(
  dependencies: BatchWriterDependencies,
): (batches: readonly Batch<QueuedCommand>[]) => void {
  const { log, fold, clock, ids, onAppended } = dependencies;
  const decide = createDecideBatch(dependencies);

  async function work(batches: readonly Batch<QueuedCommand>[]): Promise<void> {
    let attempts: Attempt[] = [];
    let events = 0;
    // Decisions are synchronous, and after an outage there may be many long ones.
    const nextSlice = inSlices(clock);
    for (const batch of batches) {
      if (events >= EVENTS_OF_A_CALL) {
        await write(attempts);
        attempts = [];
        events = 0;
      }
      await nextSlice();
      const decided = decide.onKnown(batch.key, requestsOf(batch));
      // By itself: a slow read must not hold up the others.
      if (decided === undefined) {
        void readAndWrite(batch);
        continue;
      }
      const attempt = attemptOf(batch, decided);
      attempts.push(attempt);
      events += attempt.write.events.length;
    }
    await write(attempts);
  }

  async function readAndWrite(batch: Batch<QueuedCommand>): Promise<void> {
    try {
      const decided = await decide.onNewest(batch.key, requestsOf(batch));
      await write([attemptOf(batch, decided)]);
    } catch (error) {
      refuse(batch, error);
    }
  }

  /** Appends what was decided, in one call. It never rejects. */
  async function write(decided: readonly Attempt[]): Promise<void> {
    const attempts = decided.filter(({ write: { events } }) => events.length > 0);
    for (const nothing of decided) if (nothing.write.events.length === 0) succeed(nothing, []);
    const [first] = attempts;
    if (first === undefined) return;
    const { assertMayAppend } = first.batch.items[0];
    try {
      const writes = attempts.map((each) => each.write);
      const outcomes = await appendAgain(writes, { log, clock, ids }, assertMayAppend);
      const nextSlice = inSlices(clock);
      for (const outcome of outcomes) {
        await nextSlice();
        if (outcome.kind === 'appended') note(outcome.events);
      }
      for (const [at, each] of attempts.entries()) void settle(each, outcomes[at]);
    } catch (error) {
      // A part may have been written, and what is refused of one job must not fail the others: each by itself; what was
      // written is recognised.
      if (attempts.length > 1 && !mayPass(error)) for (const each of attempts) void write([each]);
      else for (const { batch } of attempts) fail(batch, error);
    }
  }

  async function settle(attempt: Attempt, outcome: Outcome | undefined): Promise<void> {
    const { batch, write } = attempt;
    try {
      const events = outcome?.kind === 'appended' ? outcome.events : await findOwn(batch.key, write);
      if (events !== undefined) succeed(attempt, events);
      else await decideAgain(batch);
    } catch (error) {
      refuse(batch, error);
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
    note(tail);
    return tail;
  }

  async function decideAgain(batch: Batch<QueuedCommand>): Promise<void> {
    const now = clock.monotonic();
    const patient = batch.items.filter(({ patientUntil }) => patientUntil > now);
    for (const { resolve, request, patientUntil } of batch.items)
      if (patientUntil <= now) resolve({ status: 'rejected', reason: contention(request) });
    for (const queued of patient) queued.conflicts++;
    const conflicts = Math.max(0, ...patient.map((queued) => queued.conflicts));
    await clock.sleep(Math.min(BACKOFF_MS * conflicts, LONGEST_BACKOFF_MS) * ids.random());
    if (patient.length > 0) batch.again(patient);
    else batch.done();
  }

  function succeed({ batch, version, decisions }: Attempt, events: readonly AppendedEvent[]): void {
    const results = resultsOf({ cronId: batch.key, version, decisions }, events);
    for (const [index, { resolve, reject }] of batch.items.entries()) {
      const result = results[index];
      if (result === undefined) reject(new Error(`${batch.key}: a command has no result`));
      else resolve(result);
    }
    batch.done();
  }

  /** The stream of one job could not be read. */
  function refuse(batch: Batch<QueuedCommand>, reason: unknown): void {
    for (const { resolve } of withThoseBehind(batch, reason)) resolve({ status: 'rejected', reason });
    batch.done();
  }

  /** The append failed. */
  function fail(batch: Batch<QueuedCommand>, error: unknown): void {
    for (const { reject } of withThoseBehind(batch, error)) reject(error);
    batch.done();
  }

  /** While a log cannot be reached, batches that fail one after the other would make the last ones wait for too long. */
  function withThoseBehind(batch: Batch<QueuedCommand>, error: unknown): readonly QueuedCommand[] {
    return mayPass(error) ? [...batch.items, ...batch.takeWaiting()] : batch.items;
  }

  function note(events: readonly AppendedEvent[]): void {
    onAppended(events);
    fold.apply(events);
  }

  return (batches) => void work(batches);
}

function requestsOf({ items }: Batch<QueuedCommand>): CommandRequest[] {
  return items.map(({ request }) => request);
}

function attemptOf(batch: Batch<QueuedCommand>, { version, decisions }: DecidedBatch): Attempt {
  const events = decisions.flatMap((decision) => ('error' in decision ? [] : decision.events));
  const write = { stream: jobStream(batch.key), expectedVersion: version, events };
  return { batch, version, decisions, write };
}

function contention({ cronId }: CommandRequest): DomainError {
  return new DomainError('write_contention', `${cronId} is being changed by others; try again`);
}

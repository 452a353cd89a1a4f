import type { AppendedEvent, NewEvent } from '../ports/event-log.js';
import type { CommandRequest } from './command-request.js';
import { createDecideBatch } from './decide-batch.js';
import type { Handled, HandledResult } from './handled.js';
import { createMailboxes } from './mailboxes.js';
import type { QueuedCommand } from './queued-command.js';
import { createBatchWriter, type BatchWriterDependencies } from './write-batches.js';

/** The result of a command whose sender reads next. */
export interface HandledAndProjected extends Handled {
  /** Whether the read models have it already; if not, they will later. */
  projected: boolean;
}

/**
 * The one way of every command to the log. Commands of one job wait for one another, and those that have waited are
 * decided in their order and written together, each with its own result. Between processes the version decides: on a
 * conflict the events in between are read, and all is decided again.
 */
export interface CommandHandler {
  /** @throws DomainError, ScheduleError when the command is refused; StoreError when the log did not take it */
  handle: (request: CommandRequest) => Promise<Handled>;
  /** Likewise, and brings the read models up to it: the sender reads its own writes. */
  handleAndProject(request: CommandRequest): Promise<HandledAndProjected>;
  /**
   * Handles many, those of different jobs in one append; the results in the order of the requests, each on its own.
   * @param assertMayAppend called right before each append; the call ends with the error that it throws
   * @throws StoreError when the log did not take some of them
   */
  handleAll(requests: readonly CommandRequest[], assertMayAppend?: () => void): Promise<HandledResult[]>;
  /**
   * Decides on what the log says now, and writes nothing.
   * @returns the events that it would have led to
   * @throws DomainError, ScheduleError when the command would be refused; StoreError when the log cannot be read
   */
  tryOut(request: CommandRequest): Promise<NewEvent[]>;
}

export interface CommandHandlerDependencies extends BatchWriterDependencies {
  /** Projects events of one job, before a command is answered. @returns whether the read models have them */
  projectOwn: (events: readonly AppendedEvent[]) => Promise<boolean>;
}

/** An append may have at most 1 MiB on EventStoreDB, and a command with its texts a few kilobytes. */
const COMMANDS_OF_AN_APPEND = 64;

/** How long a command is decided again while other processes are quicker. */
const PATIENCE_MS = 5_000;
/** All of many wait for the last one: so they also go before the others in the mailbox of their job. */
const PATIENCE_OF_MANY_MS = 200;

const always = (): void => undefined;

export function createCommandHandler(dependencies: CommandHandlerDependencies): CommandHandler {
  const { clock, projectOwn } = dependencies;
  const decide = createDecideBatch(dependencies);
  const mailboxes = createMailboxes<QueuedCommand>({
    work: createBatchWriter(dependencies),
    areAlike: (one, other) =>
      one.assertMayAppend === other.assertMayAppend && one.isOfMany === other.isOfMany,
    isUrgent: ({ isOfMany }) => isOfMany,
    most: COMMANDS_OF_AN_APPEND,
  });
  const projecting = new WeakMap<readonly AppendedEvent[], Promise<boolean>>();

  function enqueue(
    request: CommandRequest,
    { isOfMany, assertMayAppend }: Pick<QueuedCommand, 'isOfMany' | 'assertMayAppend'>,
  ): Promise<HandledResult> {
    return new Promise((resolve, reject) => {
      const patientUntil = clock.monotonic() + (isOfMany ? PATIENCE_OF_MANY_MS : PATIENCE_MS);
      const queued = { request, assertMayAppend, isOfMany, patientUntil, conflicts: 0, resolve, reject };
      mailboxes.add(request.cronId, queued);
    });
  }

  /** Once for all commands that were written together. */
  function project(events: readonly AppendedEvent[]): Promise<boolean> {
    const begun = projecting.get(events) ?? projectOwn(events);
    projecting.set(events, begun);
    return begun;
  }

  async function handle(request: CommandRequest): Promise<Handled> {
    const result = await enqueue(request, { isOfMany: false, assertMayAppend: always });
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  return {
    handle,
    async handleAndProject(request) {
      const handled = await handle(request);
      return { ...handled, projected: await project(handled.appendedTogether) };
    },
    async handleAll(requests, assertMayAppend = always) {
      const queued = requests.map((request) => enqueue(request, { isOfMany: true, assertMayAppend }));
      // All of them first: nothing of this call may still be written after it has failed.
      const settled = await Promise.allSettled(queued);
      return settled.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
    },
    async tryOut(request) {
      const { decisions } = await decide.onNewest(request.cronId, [request]);
      return decisions.flatMap((decision) => {
        if ('error' in decision) throw decision.error;
        return decision.events;
      });
    },
  };
}

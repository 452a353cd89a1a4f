import * as z from 'zod';
import { DomainError } from '../job/domain-error.js';
import type { JobCommand } from '../job/decide.js';
import type { CommandHandler } from '../commands/handle-commands.js';
import type { Logger } from '../ports/logger.js';
import type { IncomingMessage, MessageBus } from '../ports/message-bus.js';
import type { DeadLetters } from './dead-letters.js';
import { BadMessageError, MOST_ID_CHARACTERS, readJson } from './read-json.js';
import { RESULTS_TOPIC } from './topics.js';

export interface RunResultsDependencies {
  bus: MessageBus;
  commands: CommandHandler;
  deadLetters: DeadLetters;
  logger: Logger;
}

const GROUP = 'certification-cron.results';
const MOST_CHARACTERS = 2_000;

const id = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(MOST_ID_CHARACTERS, `must have at most ${MOST_ID_CHARACTERS} characters`);
const count = z.int('must be a whole number').min(0, 'must not be negative');

/** Another service's report on a run requested from it. Unknown fields are dropped. */
const runResultSchema = z.discriminatedUnion(
  'status',
  [
    z.object({
      cron_id: id,
      run_id: id,
      status: z.literal('success'),
      result: z.object(
        { mentors_checked: count, reminders_sent: count, errors: count },
        'must have the counts mentors_checked, reminders_sent and errors',
      ),
    }),
    z.object({
      cron_id: id,
      run_id: id,
      status: z.literal('failed'),
      error: z.object({ message: z.string('must be a text').max(MOST_CHARACTERS) }, 'must have a message'),
    }),
  ],
  'must be an object with cron_id, run_id, status success or failed, and result or error',
);

/**
 * Completes runs with the results of the service that performs them. A duplicate result, or one after the timeout,
 * changes nothing and is on record. Resolves when `signal` has aborted.
 */
export function takeRunResults(
  { bus, commands, deadLetters, logger }: RunResultsDependencies,
  signal: AbortSignal,
): Promise<void> {
  return bus.consume({
    topic: RESULTS_TOPIC,
    group: GROUP,
    atMost: 1,
    partitionsAtOnce: 1,
    signal,
    async handle(messages) {
      for (const message of messages) {
        try {
          await complete(message);
        } catch (error) {
          if (!(error instanceof BadMessageError) && !isFinal(error)) throw error;
          await deadLetters.add([{ message, reason: error.message }]);
        }
      }
    },
  });

  async function complete(message: IncomingMessage): Promise<void> {
    const told = readJson(message, runResultSchema);
    const { cron_id: cronId, run_id } = told;
    const command: JobCommand =
      told.status === 'success'
        ? { type: 'CompleteRun', run_id, status: 'success', result: told.result }
        : {
            type: 'CompleteRun',
            run_id,
            status: 'failed',
            error: { code: 'check_failed', message: told.error.message },
          };
    const cause = {
      actor: 'external-executor',
      correlation_id: run_id,
      causation_id: readCause(message),
    };
    const { events } = await commands.handle({ cronId, command, cause });
    if (events.length === 0)
      logger.info({ cron_id: cronId, run_id }, 'result ignored: its run is closed or never started');
  }
}

/** It goes into the log, which keeps it for ever, and from there into a header of what is published. */
function readCause({ headers }: IncomingMessage): string | null {
  const { ce_id = null } = headers;
  if (ce_id !== null && ce_id.length > MOST_ID_CHARACTERS) {
    throw new BadMessageError(
      `header ce_id has ${ce_id.length} characters, allowed are ${MOST_ID_CHARACTERS}`,
    );
  }
  return ce_id;
}

/** The command handler has checked the log: a retry cannot help. Contention is transient. */
function isFinal(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind !== 'busy';
}

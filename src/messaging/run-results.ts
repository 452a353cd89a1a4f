import * as z from 'zod';
import { NO_REASONS, type NoReason, type RunResult } from '../events/job-events.js';
import { DomainError } from '../job/domain-error.js';
import type { JobCommand } from '../job/job-command.js';
import type { CommandHandler } from '../commands/handle-commands.js';
import type { Logger } from '../ports/logger.js';
import type { IncomingMessage, MessageBus } from '../ports/message-bus.js';
import type { DeadLetters } from './dead-letters.js';
import { BadMessageError } from './bad-message-error.js';
import { messageCause, messageId } from './message-id.js';
import { readMessage, type ReadMessage } from './read-message.js';
import { recordedError, reportedErrorSchema } from './reported-error.js';
import { RESULTS_TOPIC } from './topics.js';

export interface RunResultsDependencies {
  bus: MessageBus;
  commands: CommandHandler;
  deadLetters: DeadLetters;
  logger: Logger;
}

export const RESULTS_GROUP = 'certification-cron.results';
/** The text of an error may be a whole output: it is cut, and the run ends at once instead of by its timeout. */
const MOST_BYTES = 262_144;

const count = z
  .number('must be a whole number')
  .refine(Number.isInteger, 'must be a whole number')
  .max(Number.MAX_SAFE_INTEGER, `must be at most ${Number.MAX_SAFE_INTEGER}`)
  .min(0, 'must not be negative')
  // In documents: JSON Schema cannot tell what the refinement asks.
  .meta({ type: 'integer' });

/** A reason that is left out counts 0; one that is not known is dropped. */
const reasons = z.object(
  Object.fromEntries(NO_REASONS.map((reason) => [reason, count.default(0)])) as Record<
    NoReason,
    z.ZodDefault<typeof count>
  >,
  'must be an object with a count for each reason',
);

/** The first three are needed. Warnings are about our registry and our rules: no other executor has any to give. */
const resultSchema = z
  .object(
    {
      mentors_checked: count,
      reminders_sent: count,
      errors: count,
      records_checked: count.nullable().default(null),
      reasons: reasons.nullable().default(null),
    },
    'must have the counts mentors_checked, reminders_sent and errors',
  )
  .transform((counts): RunResult => ({ ...counts, warnings: [] }));

/** Another service's report on a run requested from it. Unknown fields are dropped. */
export const runResultSchema = z.discriminatedUnion(
  'status',
  [
    z.object({
      cron_id: messageId,
      run_id: messageId,
      status: z.literal('success'),
      result: resultSchema,
    }),
    z.object({
      cron_id: messageId,
      run_id: messageId,
      status: z.literal('failed'),
      error: reportedErrorSchema,
    }),
  ],
  {
    error: ({ discriminator }) =>
      discriminator === undefined
        ? 'must be an object with cron_id, run_id, status, and result or error'
        : 'must be success or failed',
  },
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
    group: RESULTS_GROUP,
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
    const { payload: told, eventId, traceparent } = readMessage(message, runResultSchema, MOST_BYTES);
    const { cron_id: cronId, run_id } = told;
    const command: JobCommand =
      told.status === 'success'
        ? { type: 'CompleteRun', run_id, status: 'success', result: told.result }
        : { type: 'CompleteRun', run_id, status: 'failed', error: recordedError(told.error) };
    const cause = {
      actor: 'external-executor',
      correlation_id: run_id,
      causation_id: causeFrom(eventId),
      ...(traceparent !== undefined && { traceparent }),
    };
    const { events } = await commands.handle({ cronId, command, cause });
    if (events.length === 0)
      logger.info({ cron_id: cronId, run_id }, 'result ignored: its run is closed or never started');
  }
}

/** It goes into the log, which keeps it for ever, and from there into a header of what is published. */
function causeFrom(eventId: ReadMessage<unknown>['eventId']): string | null {
  if (eventId === undefined) return null;
  const { name, value } = eventId;
  if (typeof value !== 'string') throw new BadMessageError(`${name} is no text in UTF-8`);
  const parsed = messageCause.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadMessageError(parsed.error.issues.map(({ message }) => `${name} ${message}`).join('; '));
}

/** The command handler has checked the log: a retry cannot help. Contention is transient. */
function isFinal(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind !== 'busy';
}

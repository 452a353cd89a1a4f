import * as z from 'zod';
import type { IncomingMessage, MessageBus } from '../ports/message-bus.js';
import type { DeadLetters } from './dead-letters.js';
import { CHECKS_AT_ONCE } from '../runs/checks-at-once.js';
import type { PerformRun, RunPlace } from '../runs/perform-run.js';
import { BadMessageError } from './bad-message-error.js';
import { messageId } from './message-id.js';
import { readMessage } from './read-message.js';
import { RUNS_TOPIC } from './topics.js';

export interface RequestedRunsDependencies {
  bus: MessageBus;
  performRun: PerformRun;
  deadLetters: DeadLetters;
}

export const WORKERS_GROUP = 'certification-cron.workers';

export const runSchema = z.object(
  { cron_id: messageId, run_id: messageId },
  'must be the data of a RunStarted event, an object with cron_id and run_id',
);

/**
 * Performs the runs requested in the runs topic, as one of a group of workers. A message is handled once its run is
 * closed, so the run of a worker that dies is redelivered to another one. Resolves when `signal` has aborted.
 */
export function performRequestedRuns(
  { bus, performRun, deadLetters }: RequestedRunsDependencies,
  signal: AbortSignal,
): Promise<void> {
  return bus.consume({
    topic: RUNS_TOPIC,
    group: WORKERS_GROUP,
    atMost: 1,
    partitionsAtOnce: CHECKS_AT_ONCE,
    signal,
    async handle(messages, lost) {
      for (const message of messages) {
        const reason = await perform(message, lost);
        if (reason !== undefined) await deadLetters.add([{ message, reason }]);
      }
    },
  });

  /** @returns why it can never be performed */
  async function perform(message: IncomingMessage, lost: AbortSignal): Promise<string | undefined> {
    let run: RunPlace;
    try {
      const { payload, traceparent } = readMessage(message, runSchema);
      run = { cronId: payload.cron_id, runId: payload.run_id, traceparent };
    } catch (error) {
      if (error instanceof BadMessageError) return error.message;
      throw error;
    }
    const end = await performRun(run, lost);
    return end === 'unknown' ? `the log has no cron job ${run.cronId}` : undefined;
  }
}

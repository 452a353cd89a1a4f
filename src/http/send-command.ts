import type { Response } from 'express';
import type { CommandHandler, HandledAndProjected } from '../commands/handle-commands.js';
import type { JobHistory } from '../history/job-history.js';
import { jobOf } from '../history/job-of.js';
import type { JobCommand } from '../job/job-command.js';
import type { JobDocument } from '../ports/read-models.js';
import type { EventLog } from '../ports/event-log.js';
import { readAccepted } from './accepted-answer.js';
import { causeOf } from './cause-of.js';
import { conditionOf } from './condition-of.js';
import { ifReadable } from './job-reads.js';
import { principalOf } from './principal-of.js';
import { requestKeyOf } from './request-key.js';

/** Says that a write is durable, but that reads do not show it yet. */
export const READS_LAG = 'Reads-Lag';

/** What a command has led to. */
export interface Sent extends Pick<HandledAndProjected, 'job' | 'events' | 'projected'> {
  /**
   * The job as it was then; only of a change of it under a key, which every repeat must answer alike. Missing where it
   * cannot be read: what was done is never answered with an error.
   */
  document?: JobDocument;
}

/**
 * Sends the command of a request, under the condition and the key that its headers say. Its response says when reads do
 * not show the result yet.
 * @throws DomainError, ScheduleError, StoreError; ProblemError for headers that cannot be kept
 */
export type SendCommand = (cronId: string, command: JobCommand, response: Response) => Promise<Sent>;

export interface SendDependencies {
  log: Pick<EventLog, 'readStream'>;
  history: Pick<JobHistory, 'stateAt'>;
  commands: Pick<CommandHandler, 'handleAndProject'>;
}

export function createSend({ commands, log, history }: SendDependencies): SendCommand {
  return async (cronId, command, response) => {
    const { req: request } = response;
    const key = requestKeyOf(request, principalOf(response).actor);
    const condition = conditionOf(request.headers);
    const handled = await commands.handleAndProject({
      cronId,
      command,
      cause: causeOf(response),
      ...(key && { key }),
      ...(condition && { condition }),
    });
    const { projected, version, repeats } = handled;
    if (!projected) response.set(READS_LAG, 'true');
    if (key === undefined) return handled;
    // An answer with a run shows nothing of the job.
    const isOfRun = command.type === 'TriggerRun' || command.type === 'CancelRun';
    if (repeats === undefined) {
      const document = isOfRun ? undefined : await ifReadable(history.stateAt(cronId, version));
      return { ...handled, ...(document && { document }) };
    }
    const events = await readAccepted(log, cronId, repeats, key);
    if (isOfRun) return { ...handled, events };
    const document = await history.stateAt(cronId, repeats);
    if (document === undefined) throw new Error(`${cronId} was not there at version ${repeats}`);
    return { job: jobOf(document), document, events, projected };
  };
}

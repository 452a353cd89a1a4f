import type { Response } from 'express';
import type { CommandHandler, HandledAndProjected } from '../commands/handle-commands.js';
import type { JobCommand } from '../job/job-command.js';
import type { JobDocument } from '../ports/read-models.js';
import { readAccepted, type AcceptedDependencies } from './accepted-answer.js';
import { causeOf } from './cause-of.js';
import { conditionOf } from './condition-of.js';
import { principalOf } from './principal-of.js';
import { requestKeyOf } from './request-key.js';

/** Says that a write is durable, but that reads do not show it yet. */
export const READS_LAG = 'Reads-Lag';

/** What a command has led to. */
export interface Sent extends Pick<HandledAndProjected, 'job' | 'version' | 'events' | 'projected'> {
  /** The job as it was then; only of a request under a key, which every repeat must answer alike. */
  document?: JobDocument;
}

/**
 * Sends the command of a request, under the condition and the key that its headers say. Its response says when reads do
 * not show the result yet.
 * @throws DomainError, ScheduleError, StoreError; ProblemError for headers that cannot be kept
 */
export type SendCommand = (cronId: string, command: JobCommand, response: Response) => Promise<Sent>;

export interface SendDependencies extends AcceptedDependencies {
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
    const { projected, version, repeats = version } = handled;
    if (!projected) response.set(READS_LAG, 'true');
    if (key === undefined) return handled;
    return { ...(await readAccepted({ log, history }, cronId, repeats, key)), projected };
  };
}

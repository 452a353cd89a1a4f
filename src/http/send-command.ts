import type { Response } from 'express';
import type { CommandHandler, HandledAndProjected } from '../commands/handle-commands.js';
import type { JobCommand } from '../job/job-command.js';
import { causeOf } from './cause-of.js';

/** Says that a write is durable, but that reads do not show it yet. */
export const READS_LAG = 'Reads-Lag';

/** Sends the command of a request. Its response says when reads do not show the result yet. */
export type SendCommand = (
  cronId: string,
  command: JobCommand,
  response: Response,
) => Promise<HandledAndProjected>;

export function createSend(commands: Pick<CommandHandler, 'handleAndProject'>): SendCommand {
  return async (cronId, command, response) => {
    const handled = await commands.handleAndProject({ cronId, command, cause: causeOf(response) });
    if (!handled.projected) response.set(READS_LAG, 'true');
    return handled;
  };
}

import type { Response } from 'express';
import type { CommandHandler } from '../commands/handle-commands.js';
import type { CommandRequest } from '../commands/command-request.js';
import type { RequestKey } from '../job/accept-request.js';
import type { JobCommand } from '../job/job-command.js';
import type { EventLog, NewEvent } from '../ports/event-log.js';
import { StoreError } from '../ports/store-error.js';
import { readAccepted } from './accepted-answer.js';
import type { BulkResult } from './bulk-body.js';
import type { BulkRequest } from './bulk-requests.js';
import { causeOf } from './cause-of.js';
import { problemOf } from './problem.js';
import { READS_LAG } from './send-command.js';

export interface BulkActionDependencies {
  commands: Pick<CommandHandler, 'handleAndProject' | 'tryOut'>;
  log: Pick<EventLog, 'readStream'>;
}

/** Does to one job what a bulk request asks for. @throws what the commands of one job do */
export type BulkAct = (cronId: string) => Promise<BulkResult>;

/** The events by which it is seen that something was done. */
type Decided = readonly Pick<NewEvent, 'type' | 'data'>[];

/** @param key under which each job is acted on once */
export function createBulkAct(
  { commands, log }: BulkActionDependencies,
  { action, reason, dry_run }: BulkRequest,
  { key, response }: { key: RequestKey | undefined; response: Response },
): BulkAct {
  const command: JobCommand =
    action === 'execute'
      ? { type: 'TriggerRun', dry_run: false, reason }
      : { type: 'UpdateCronJob', changes: { enabled: action === 'enable' }, reason };
  const cause = causeOf(response);

  async function carryOut(cronId: string): Promise<Decided> {
    const request: CommandRequest = { cronId, command, cause, ...(key && { key }) };
    const { events, projected, repeats } = await commands.handleAndProject(request);
    if (!projected) response.set(READS_LAG, 'true');
    return key === undefined || repeats === undefined ? events : readAccepted(log, cronId, repeats, key);
  }

  return async (cronId) => {
    const events = dry_run ? await commands.tryOut({ cronId, command, cause }) : await carryOut(cronId);
    const done = events.findLast(({ type }) => type === 'RunStarted' || type === 'CronJobUpdated');
    if (done === undefined) return { outcome: 'unchanged', run_id: null, error: null };
    if (dry_run) return { outcome: 'would_do', run_id: null, error: null };
    const run_id = done.type === 'RunStarted' ? (done.data as { run_id: string }).run_id : null;
    return { outcome: 'done', run_id, error: null };
  };
}

/** What is told of a job where the attempt has failed. @param isRepeatable it was under a key */
export function failedResult(error: unknown, isRepeatable: boolean): BulkResult {
  const problem = problemOf(error);
  if (problem !== undefined && !(error instanceof StoreError)) {
    const { code, detail } = problem;
    return { outcome: 'refused', run_id: null, error: { code, detail } };
  }
  const code = problem?.code ?? 'internal_error';
  const how = isRepeatable
    ? 'the same request under the same Idempotency-Key does it once, and tells'
    : 'the history of the job tells';
  return {
    outcome: 'unknown',
    run_id: null,
    error: { code, detail: `this may have been done or not; ${how}` },
  };
}

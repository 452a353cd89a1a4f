import type { JobEvent } from '../events/parse-event.js';
import type { Clock } from '../ports/clock.js';
import { decide, type JobCommand } from '../job/decide.js';
import { DomainError } from '../job/domain-error.js';
import type { FoldedJob, JobFold } from '../fold/job-fold.js';

interface Request {
  cronId: string;
  command: JobCommand;
}

export interface DecideFromFoldDependencies {
  fold: JobFold;
  clock: Clock;
  allowSeconds: boolean;
}

export interface Decided {
  /** What was decided on; undefined when there is no such job. */
  folded: FoldedJob | undefined;
  events: JobEvent[];
}

/**
 * Decides on the state in memory. Events are fenced by the version they are appended at. A refusal, or nothing to do,
 * has no such fence, and another instance may just have changed the job: so for those the log is read first.
 * @returns a function that throws DomainError and ScheduleError as `decide` does, and StoreError
 */
export function createDecideFromFold({
  fold,
  clock,
  allowSeconds,
}: DecideFromFoldDependencies): (request: Request) => Promise<Decided> {
  const decideOn = (folded: FoldedJob | undefined, { cronId, command }: Request): JobEvent[] =>
    decide(folded?.job, command, { cronId, now: clock.now(), allowSeconds });

  function decideIfSure(folded: FoldedJob, request: Request): JobEvent[] | undefined {
    try {
      const events = decideOn(folded, request);
      // A Tick comes again.
      return events.length > 0 || request.command.type === 'Tick' ? events : undefined;
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  return async (request) => {
    const folded = fold.get(request.cronId);
    const events = folded && decideIfSure(folded, request);
    if (events !== undefined) return { folded, events };
    const newest = await fold.refresh(request.cronId);
    return { folded: newest, events: decideOn(newest, request) };
  };
}

import type { JobFold } from '../fold/job-fold.js';
import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { Write } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';
import { createDecideFromFold } from './decide-from-fold.js';
import { failed, succeeded, type CommandRequest, type HandledResult } from './handled.js';
import { stamp } from './stamp.js';

export interface DecideRequestsDependencies {
  fold: JobFold;
  clock: Clock;
  ids: Ids;
  allowSeconds: boolean;
  /** Version of the time zone data that slots are computed with; recorded in the metadata of decisions. */
  tzdataVersion: string;
}

/** The outcome of deciding a request: something to write, or a result at once. */
export type Decision = { write: Write } | { result: HandledResult };

/** Decisions are synchronous, and after an outage there may be many long ones: requests get a turn in between. */
const DECIDING_AT_A_STRETCH_MS = 10;

/** @returns a function that decides each request on the state as we know it; in the order of the requests */
export function createDecideRequests({
  fold,
  clock,
  ids,
  allowSeconds,
  tzdataVersion,
}: DecideRequestsDependencies): (requests: readonly CommandRequest[]) => Promise<Decision[]> {
  const decideFromFold = createDecideFromFold({ fold, clock, allowSeconds });
  /** Any change of a job may settle slots, so every decision records the versions they were computed with. */
  const computedWith = slotVersionsWith(tzdataVersion);

  async function decideOne(request: CommandRequest): Promise<Decision> {
    const { cronId, cause } = request;
    try {
      const { folded, events } = await decideFromFold(request);
      const version = folded?.version ?? 0;
      if (events.length === 0) return { result: succeeded(cronId, folded?.job, version, []) };
      const stamped = events.map((event) => stamp(event, { ...cause, ...computedWith }, ids));
      return { write: { stream: jobStream(cronId), expectedVersion: version, events: stamped } };
    } catch (error) {
      return { result: failed(error) };
    }
  }

  return async (requests) => {
    const decisions: Decision[] = [];
    let since = clock.monotonic();
    for (const request of requests) {
      if (clock.monotonic() - since > DECIDING_AT_A_STRETCH_MS) {
        await clock.yield();
        since = clock.monotonic();
      }
      decisions.push(await decideOne(request));
    }
    return decisions;
  };
}

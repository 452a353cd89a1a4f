import { expect } from '@jest/globals';
import { evolve, type CronJob } from '../../src/job/cron-job.js';
import { decide } from '../../src/job/decide.js';
import type { JobCommand } from '../../src/job/job-command.js';
import type { JobEvent } from '../../src/events/parse-event.js';

export const CRON_ID = 'cron-001';

/** An event as a test expects it: its type, and those of its fields that matter. */
export type Expected = [JobEvent['type'], Record<string, unknown>?];

/** Given a job's history, when a command comes at a time, then these events follow, or the command is refused. */
export interface Scenario {
  /** Commands that have been carried out before, each at its time. */
  after(at: string, command: JobCommand): Scenario;
  when(at: string, command: JobCommand): Result;
  job(): CronJob | undefined;
  /** The history so far. */
  events(): JobEvent[];
}

export interface Result {
  then(...expected: Expected[]): Scenario;
  thenNothing(): Scenario;
  thenRefused(code: string): void;
}

const OPTIONS = { cronId: CRON_ID, allowSeconds: true, thresholds: [30, 14, 7, 1, 0] };

export function given(...events: JobEvent[]): Scenario {
  const job = events.reduce<CronJob | undefined>(
    (before, event, index) => evolve(before, event, index + 1),
    undefined,
  );
  const decideAt = (at: string, command: JobCommand): JobEvent[] =>
    decide(job, command, { ...OPTIONS, version: events.length, now: Date.parse(at) });

  return {
    job: () => job,
    events: () => events,
    after: (at, command) => given(...events, ...decideAt(at, command)),
    when: (at, command) => ({
      then(...expected) {
        const decided = decideAt(at, command);
        expect(decided.map(({ type }) => type)).toEqual(expected.map(([type]) => type));
        decided.forEach(({ data }, index) => expect(data).toMatchObject(expected[index]?.[1] ?? {}));
        return given(...events, ...decided);
      },
      thenNothing() {
        expect(decideAt(at, command)).toEqual([]);
        return given(...events);
      },
      thenRefused(code) {
        let refused: unknown = 'nothing was refused';
        try {
          decideAt(at, command);
        } catch (error) {
          refused = error;
        }
        expect(refused).toMatchObject({ code });
      },
    }),
  };
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NoReason, RunRules } from '../../../src/events/job-events.js';
import type { Certification } from '../../../src/ports/certification-registry.js';
import { createCheckWorld, record, type Asked, type CheckWorld } from './check-world.js';

/** One thing that happens in a world. */
export type Step = (world: CheckWorld) => Promise<void> | void;
type Reasons = Partial<Record<NoReason, number>>;

/** The registry has this record from now on. */
export function has(id: string, expires: string, given: Partial<Certification> = {}): Step {
  return ({ records }) => {
    records.set(id, record(id, expires, given));
  };
}

/** A run asks for these reminders and no others, and gives these reasons for the other records. */
export function runs(at: string, asked: Asked[], reasons: Reasons = {}, rules: Partial<RunRules> = {}): Step {
  return async ({ run }) => {
    const done = await run(at, { rules, run_id: `run of ${at} ${JSON.stringify(rules)}` });
    expect([at, done.asked]).toEqual([at, asked]);
    const result = done.outcome.status === 'success' ? done.outcome.result : undefined;
    const given = Object.entries(result?.reasons ?? {}).filter(([, count]) => count > 0);
    expect([at, Object.fromEntries(given)]).toEqual([at, reasons]);
  };
}

/** Each case goes through its steps in a world of its own. */
export function itReminds(cases: [title: string, steps: Step[]][]): void {
  describe('whom a run reminds', () => {
    let world: CheckWorld;
    beforeEach(() => {
      world = createCheckWorld();
    });
    afterEach(() => world.close());

    it.each(cases)('%s', async (_title, steps) => {
      for (const step of steps) await step(world);
    });
  });
}

export const AID = { type: 'first-aid' };
export const KOLKATA = { time_zone: 'Asia/Kolkata' };
export const AFTER = { reminder_thresholds: [7, 0, -3, -30] };

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTimetable } from '../../../src/scheduler/timetable.js';

describe('the timetable', () => {
  it('takes what is due, earliest first, up to the limit', () => {
    const timetable = createTimetable();
    timetable.set('c', 30);
    timetable.set('a', 10);
    timetable.set('b', 20);
    timetable.set('d', 40);
    expect(timetable.earliest()).toBe(10);
    expect(timetable.takeDue(30, 2)).toEqual(['a', 'b']);
    expect(timetable.takeDue(30, 2)).toEqual(['c']);
    expect(timetable.takeDue(30, 2)).toEqual([]);
    expect(timetable.earliest()).toBe(40);
  });

  it('behaves like a plain map, whatever is set, moved and taken off', () => {
    const change = fc.record({
      job: fc.integer({ min: 0, max: 5 }),
      at: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Infinity)),
    });
    const step = fc.oneof(
      change.map((set) => ({ set })),
      fc.integer({ min: 0, max: 20 }).map((takeUntil) => ({ takeUntil })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const timetable = createTimetable();
        const model = new Map<string, number>();
        for (const one of steps) {
          if ('set' in one) {
            const { job, at } = one.set;
            timetable.set(String(job), at);
            if (at === Infinity) model.delete(String(job));
            else model.set(String(job), at);
          } else {
            const due = [...model].filter(([, at]) => at <= one.takeUntil).map(([job]) => job);
            expect(timetable.takeDue(one.takeUntil, Infinity).sort()).toEqual(due.sort());
            for (const job of due) model.delete(job);
          }
          expect(timetable.earliest()).toBe(Math.min(Infinity, ...model.values()));
        }
      }),
      { seed: 7 },
    );
  });
});

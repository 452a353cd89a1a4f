import { describe, expect, it } from '@jest/globals';
import { noteServiceTime, serviceTime } from '../../../dashboard/src/api/service-clock.js';

describe('the time of the service', () => {
  it('is that of the viewer until an answer tells another one', () => {
    const now = Date.UTC(2026, 2, 8, 7);
    expect(serviceTime(now)).toBe(now);
    noteServiceTime('Sun, 08 Mar 2026 12:00:00 GMT', now);
    expect(serviceTime(now + 1_000)).toBe(Date.UTC(2026, 2, 8, 12, 0, 1));
    noteServiceTime(null, now);
    noteServiceTime('some time', now);
    expect(serviceTime(now)).toBe(Date.UTC(2026, 2, 8, 12));
  });
});

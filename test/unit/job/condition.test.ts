import { expect, it } from '@jest/globals';
import { assertHolds, type Condition } from '../../../src/job/condition.js';
import { deletedJob } from '../../../src/job/remains-of.js';

const there = { ...deletedJob('cron-1'), deleted: false, config_version: 7 };

it.each<[Condition, boolean, boolean]>([
  [{ configVersions: [7] }, true, false],
  [{ configVersions: [3, 7] }, true, false],
  [{ configVersions: [6] }, false, false],
  [{ configVersions: [] }, false, false],
  [{ exists: true }, true, false],
  [{ exists: false }, false, true],
])('%j holds of a job at version 7: %s, and of none: %s', (condition, ofJob, ofNone) => {
  const holds = (job: typeof there | undefined): boolean => {
    try {
      assertHolds(condition, 'cron-1', job);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'precondition_failed' });
      return false;
    }
  };
  expect(holds(there)).toBe(ofJob);
  expect(holds(undefined)).toBe(ofNone);
  expect(holds({ ...there, deleted: true, config_version: 1 })).toBe(ofNone);
});

import { expect, it } from '@jest/globals';
import { watchJobs } from '../../../src/service/watch-jobs.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it('a fault of the watch over jobs is an ERROR line, and ends nothing else', async () => {
  const logger = createCollectingLogger();
  const err = new TypeError('x is undefined');
  const fold = {
    all: () => {
      throw err;
    },
  };
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  await watchJobs({ fold, clock, logger, allowSeconds: false }, new AbortController().signal);
  expect(logger.lines).toEqual([
    { level: 'error', fields: { err }, message: 'looking for jobs to warn of has ended' },
  ]);
});

import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { createPerformRun } from '../../../src/runs/perform-run.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

it('gives a run up before its check when it is told to while it looks at the log', async () => {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const fold = createJobFold(log);
  const commands = createCommandHandler({
    log,
    fold,
    clock: systemClock,
    ids: systemIds,
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
  const config = { name: 'job', cron_expression: '0 2 * * *' };
  await commands.handle({ cronId: 'cron-1', command: { type: 'ScheduleCronJob', config }, cause });
  const { job } = await commands.handle({
    cronId: 'cron-1',
    cause,
    command: { type: 'TriggerRun', dry_run: false },
  });
  const giveUp = new AbortController();
  let givenUpToCheck = 0;
  const performRun = createPerformRun({
    commands,
    thresholds: [30, 7],
    clock: systemClock,
    logger: createCollectingLogger(),
    fold: {
      ...fold,
      // As where the run was handed out by a message that was quicker than the log.
      get: () => undefined,
      refresh: (cronId) => {
        giveUp.abort();
        return fold.refresh(cronId);
      },
    },
    check: ({ signal }) => {
      if (signal.aborted) givenUpToCheck++;
      return Promise.reject(new Error('the check was made'));
    },
  });
  const run = { cronId: 'cron-1', runId: job.open_runs[0]?.run_id ?? '' };
  await performRun(run, giveUp.signal).catch(() => undefined);
  expect(givenUpToCheck).toBe(1);
  await log.close();
});

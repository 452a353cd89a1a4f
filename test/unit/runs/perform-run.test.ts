import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { checkExpiry } from '../../../src/expiry-check/check-expiry.js';
import { createPerformRun } from '../../../src/runs/perform-run.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { readWholeLog } from '../../support/read-whole-log.js';

const cause = { actor: 'test', correlation_id: 'test', causation_id: null };

/** A job with one run that is open, in a log in memory. */
async function openedRun(dry_run = false) {
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
  const config = { name: 'job', cron_expression: '0 2 * * *' };
  const send = (command: JobCommand) => commands.handle({ cronId: 'cron-1', command, cause });
  await send({ type: 'ScheduleCronJob', config });
  const { job } = await send({ type: 'TriggerRun', dry_run });
  const runId = job.open_runs[0]?.run_id ?? '';
  return { log, fold, commands, send, runId };
}

it('gives a run up before its check when it is told to while it looks at the log', async () => {
  const { log, fold, commands, runId } = await openedRun();
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
  await performRun({ cronId: 'cron-1', runId }, giveUp.signal).catch(() => undefined);
  expect(givenUpToCheck).toBe(1);
  await log.close();
});

it.each([
  ['a real run', false],
  ['a dry run', true],
])('stops the check of %s that is cancelled between two pages of the registry', async (_, dry_run) => {
  const { log, fold, commands, send, runId } = await openedRun(dry_run);
  const logger = createCollectingLogger();
  let pages = 0;
  const registry = {
    async *pages() {
      for (; pages < 100; pages++) {
        if (pages === 2) await send({ type: 'CancelRun', run_id: runId, reason: 'a wrong import' });
        const id = `${pages}`.padStart(3, '0');
        const expires_at = new Date(systemClock.now()).toISOString();
        yield [{ certification_id: id, mentor_id: id, expires_at }];
      }
    },
    summary: () => Promise.reject(new Error('the check went on to its end')),
  };
  const performRun = createPerformRun({
    fold,
    commands,
    thresholds: [30, 7],
    clock: systemClock,
    logger,
    check: (run) =>
      checkExpiry(run, {
        registry,
        log,
        store: { remindersOf: () => Promise.resolve([]), listReminders: () => Promise.resolve([]) },
        clock: systemClock,
        ids: systemIds,
        logger,
        maxAgeHours: null,
        stillKnown: () => Promise.resolve(),
      }),
  });
  expect(await performRun({ cronId: 'cron-1', runId }, new AbortController().signal)).toBe('closed');
  expect(pages).toBe(2);
  const events = await readWholeLog(log);
  expect(events.map(({ type }) => type)).toEqual(['CronJobScheduled', 'RunStarted', 'RunCompleted']);
  expect(events.at(-1)?.data).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
  expect(logger.lines).toEqual([]);
  await log.close();
});

import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold, type JobFold } from '../../../src/fold/job-fold.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import type { Ids } from '../../../src/ports/ids.js';
import { createScheduler, type SchedulerDependencies } from '../../../src/scheduler/scheduler.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { runResult } from '../../support/sample-events.js';

const config = {
  name: 'job',
  cron_expression: '* * * * *',
  catchup_policy: 'all',
  misfire_grace_seconds: 0,
} as const;
const result = runResult();

function commanding(on: { log: EventLog; fold: JobFold; clock: Clock; ids: Ids }) {
  const commands = createCommandHandler({
    ...on,
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
  const send = (cronId: string, command: JobCommand) => commands.handle({ cronId, command, cause });
  return { commands, send };
}

/** Lets it schedule in a term that lasts. @returns what ends it */
function startScheduler(
  parts: Pick<SchedulerDependencies, 'fold' | 'commands' | 'clock' | 'ids' | 'logger'>,
): () => Promise<void> {
  const scheduler = createScheduler({ ...parts, allowSeconds: false, longestSleepMs: 1_000 });
  const stop = new AbortController();
  const { signal } = stop;
  const running = [
    scheduler.standBy(signal),
    scheduler.run({ number: 1, signal, assertHeld: () => undefined }),
  ];
  return async () => {
    stop.abort();
    await Promise.all(running);
  };
}

it('a job whose run ends while its Tick is under way is looked at again at once', async () => {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const ids = createSeededIds();
  const logger = createCollectingLogger();
  const real = openSqliteEventLog({ clock, ids, path: ':memory:' });
  let duringAppendOfOther: (() => Promise<unknown>) | undefined;
  const log: EventLog = {
    ...real,
    async append(writes) {
      if (duringAppendOfOther !== undefined && writes.some(({ stream }) => stream === 'cronJob-cron-other')) {
        const act = duringAppendOfOther;
        duringAppendOfOther = undefined;
        await act();
      }
      return real.append(writes);
    },
  };
  const fold = createJobFold(log);
  const { commands, send } = commanding({ log, fold, clock, ids });

  await send('cron-waiting', { type: 'ScheduleCronJob', config });
  await send('cron-other', { type: 'ScheduleCronJob', config });
  clock.skipTo('2026-03-26T10:05:30.000Z');
  // The slots of five minutes wait for this run, so a Tick of the job has nothing to do.
  await send('cron-waiting', { type: 'TriggerRun', dry_run: false });
  const [run] = fold.get('cron-waiting')?.job.open_runs ?? [];
  duringAppendOfOther = () =>
    send('cron-waiting', { type: 'CompleteRun', run_id: run?.run_id ?? '', status: 'success', result });

  const end = startScheduler({ fold, commands, clock, ids, logger });
  await clock.advance(10);
  expect(duringAppendOfOther).toBeUndefined();
  expect(fold.get('cron-waiting')?.job).toMatchObject({
    last_run_no: 2,
    watermark: Date.parse('2026-03-26T10:01:00Z'),
  });
  await end();
  await real.close();
});

it('a job that the log has not got, as of a log before it was restored, is not looked at again', async () => {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const ids = createSeededIds();
  const logger = createCollectingLogger();
  const open = () => openSqliteEventLog({ clock, ids, path: ':memory:' });
  const [before, log] = [open(), open()];
  const old = createJobFold(before);
  await commanding({ log: before, fold: old, clock, ids }).send('cron-gone', {
    type: 'ScheduleCronJob',
    config,
  });
  const fold = createJobFold(log);
  for (const state of old.all()) fold.seed(state);
  const { commands } = commanding({ log, fold, clock, ids });
  const end = startScheduler({ fold, commands, clock, ids, logger });
  await clock.advance(180_000);
  expect(logger.lines.map(({ message }) => message)).toEqual([
    'tick failed; the job is no longer in the log',
  ]);
  expect([...fold.all()]).toEqual([]);
  await end();
  await Promise.all([before.close(), log.close()]);
});

import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import type { CommandRequest } from '../../../src/commands/command-request.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { MOST_OPEN_RUNS } from '../../../src/job/open-runs.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const JOBS = 220;
const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: {
    name: 'a',
    cron_expression: '* * * * * *',
    concurrency_policy: 'allow',
    misfire_grace_seconds: 86_400,
  },
};

it('a Tick of many jobs with a backlog each makes several calls to the log, none of them huge', async () => {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const real = openSqliteEventLog({ clock, ids: createSeededIds(99), path: ':memory:' });
  const sizes: number[] = [];
  const log: typeof real = {
    ...real,
    append(writes) {
      sizes.push(writes.reduce((sum, { events }) => sum + events.length, 0));
      return real.append(writes);
    },
  };
  const handler = createCommandHandler({
    log,
    fold: createJobFold(log),
    clock,
    ids: createSeededIds(1),
    allowSeconds: true,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  const all = (command: JobCommand): CommandRequest[] =>
    Array.from({ length: JOBS }, (_, nth) => ({ cronId: `cron-${nth}`, command, cause }));
  await handler.handleAll(all(create));
  expect(sizes.splice(0)).toEqual([JOBS]);
  clock.skipTo('2026-03-27T06:00:00.000Z');
  const results = await handler.handleAll(all({ type: 'Tick' }));
  const started = results.map((result) => result.status === 'fulfilled' && result.value.events.length);
  expect(new Set(started)).toEqual(new Set([MOST_OPEN_RUNS]));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(JOBS * MOST_OPEN_RUNS);
  expect(sizes.length).toBe(2);
  expect(Math.max(...sizes)).toBeLessThan(21_000);
  await real.close();
});

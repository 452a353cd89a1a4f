import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultJobConfig, type JobConfig } from '../../../src/events/job-config.js';
import { UnreadableEventError } from '../../../src/events/parse-event.js';
import { createConfigTrail } from '../../../src/history/config-trail.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { sampleEvent } from '../../support/sample-events.js';

const config: JobConfig = { name: 'job', cron_expression: '0 0 1 1 *', ...defaultJobConfig };

/** What a log of some jobs has, and the configuration before each of its events. */
function logOf(kinds: readonly { job: number; type: string; description: string }[]) {
  const configs = new Map<string, JobConfig[]>();
  const events = kinds.map(({ job, type: drawn, description }, index): RecordedEvent => {
    const cron_id = `cron-${job}`;
    const known = configs.get(cron_id) ?? [];
    const before = known.at(-1);
    const type = before === undefined ? 'CronJobScheduled' : drawn;
    const after =
      type === 'RunSkipped' || type === 'CronJobDeleted'
        ? (before ?? config)
        : { ...(before ?? config), description };
    configs.set(cron_id, [...known, after]);
    const at = '2026-03-26T10:00:00.000Z';
    const data = {
      CronJobScheduled: { cron_id, created_at: at, ...after },
      CronJobUpdated: { cron_id, changes: { description }, reason: null, updated_at: at },
      CronJobRestored: {
        cron_id,
        restored_at: at,
        reason: null,
        last_run_no: 0,
        records_checked: null,
        was_reset: false,
        ...after,
      },
    }[type];
    return {
      ...sampleEvent(data),
      type,
      stream: `cronJob-${cron_id}`,
      version: known.length + 1,
      position: String(index).padStart(9, '0'),
      recorded_at: at,
    };
  });
  return { events, configs };
}

const type = fc.constantFrom(
  'CronJobUpdated',
  'CronJobUpdated',
  'RunSkipped',
  'CronJobDeleted',
  'CronJobRestored',
);
const kinds = fc.array(fc.record({ job: fc.nat(3), type, description: fc.string() }), { maxLength: 40 });

it('knows what the history would say, wherever it begins and whatever it was not given', async () => {
  await fc.assert(
    fc.asyncProperty(kinds, fc.array(fc.nat(9), { maxLength: 40 }), async (drawn, dice) => {
      const { events, configs } = logOf(drawn);
      const configAt = (cronId: string, version: number) =>
        Promise.resolve(configs.get(cronId)?.[version - 1]);
      const trail = createConfigTrail(configAt);
      for (const [index, event] of events.entries()) {
        const die = dice[index] ?? 9;
        if (die === 0) continue;
        const before = await trail(event, die > 2);
        if (event.type !== 'CronJobUpdated' || die <= 2) continue;
        expect(before).toEqual(configs.get(event.stream.slice('cronJob-'.length))?.[event.version - 2]);
      }
    }),
    { numRuns: 200 },
  );
});

it('asks the history once for a job that was there before, and never for a new one', async () => {
  const update = { type: 'CronJobUpdated', description: 'x' };
  const { events, configs } = logOf(
    Array.from({ length: 600 }, (_, index) => ({ ...update, job: index % 3 })),
  );
  const asked: string[] = [];
  const trail = createConfigTrail((cronId, version) => {
    asked.push(`${cronId} ${version}`);
    return Promise.resolve(configs.get(cronId)?.[version - 1]);
  });
  // Job 0 comes from its fifth event on.
  for (const event of events.filter(({ stream, version }) => stream !== 'cronJob-cron-0' || version > 4))
    await trail(event, true);
  expect(asked).toEqual(['cron-0 4']);
});

it('forgets those jobs that have not changed for long', async () => {
  const update = { type: 'CronJobUpdated', description: 'x' };
  const created = Array.from({ length: 501 }, (_, job) => ({ ...update, job }));
  const { events, configs } = logOf([...created, { ...update, job: 0 }, { ...update, job: 500 }]);
  const asked: string[] = [];
  const trail = createConfigTrail((cronId, version) => {
    asked.push(cronId);
    return Promise.resolve(configs.get(cronId)?.[version - 1]);
  });
  for (const event of events) await trail(event, true);
  expect(asked).toEqual(['cron-0']);
});

it('tries again where the history could not be read', async () => {
  const update = { type: 'CronJobUpdated', description: 'x', job: 0 };
  const { events } = logOf([update, update]);
  let isDown = true;
  const trail = createConfigTrail(() =>
    isDown ? Promise.reject(new Error('down')) : Promise.resolve(config),
  );
  const [, updated] = events;
  if (updated === undefined) throw new Error('there are two');
  await expect(trail(updated, true)).rejects.toThrow('down');
  isDown = false;
  expect(await trail(updated, true)).toEqual(config);
});

it('has nothing to say behind an event that cannot be read, and goes on behind that', async () => {
  const update = { type: 'CronJobUpdated', description: 'x', job: 0 };
  const { events } = logOf([update, update, update, { ...update, type: 'CronJobRestored' }, update]);
  const unreadable = events[1];
  if (unreadable !== undefined) unreadable.metadata = { ...unreadable.metadata, schema_version: 99 };
  const trail = createConfigTrail(() =>
    Promise.reject(new UnreadableEventError('written by a newer version')),
  );
  const before = [];
  for (const event of events) before.push(await trail(event, true));
  expect(before.map((config) => config?.description ?? config)).toEqual([undefined, 'x', null, null, 'x']);
});

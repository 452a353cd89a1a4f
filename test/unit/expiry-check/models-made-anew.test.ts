import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunRules } from '../../../src/events/job-events.js';
import { START } from '../../../src/ports/event-log.js';
import type { Checkpoint } from '../../../src/ports/read-store.js';
import { createCheckBench, dayBefore, EXPIRES, type CheckBench } from './check-fixture.js';

let bench: CheckBench;

beforeEach(() => {
  bench = createCheckBench();
});

afterEach(() => bench.close());

describe('read models that are made anew while a run walks', () => {
  const old = (id: string) => ({
    stream: `certificationReminder-of-an-earlier-version-${id}`,
    expectedVersion: 0,
    events: [
      {
        id: randomUUID(),
        type: 'ReminderRequested',
        data: {
          cron_id: 'cron-1',
          run_id: 'run-old',
          mentor_id: 'm',
          certification_id: id,
          expires_at: EXPIRES,
          threshold_days: 7,
          days_left: 7,
          requested_at: '2026-03-26T02:00:00.000Z',
        },
        metadata: { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 },
      },
    ],
  });

  it.each<[string, { rules?: Partial<RunRules>; dry_run?: boolean }]>([
    ['a run without a limit', { rules: { max_reminders: 0 } }],
    ['a run within its limit', { rules: { max_reminders: 100 } }],
    ['a run that would be beyond it', { rules: { max_reminders: 1 } }],
    ['a dry run', { dry_run: true }],
  ])('let nobody be asked for or counted by what is missing: %s', async (_, run) => {
    const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await bench.register(Object.fromEntries(ids.map((id) => [id, { expires_at: EXPIRES }])));
    await bench.log.append(ids.map(old));
    expect(await bench.check({ day: dayBefore(7) })).toMatchObject({ reasons: { already_asked: 20 } });
    const pages = bench.registry.pages.bind(bench.registry);
    bench.registry.pages = async function* () {
      const stored = await bench.store.readCheckpoint('reminders');
      const checkpoint = { ...stored, position: START, event: null, projector: 'another' } as Checkpoint;
      const claim = { name: 'reminders', checkpoint, instead: stored?.projector };
      await bench.store.claim({ ...claim, emptied: ['reminders'] });
      yield* pages();
    };
    const checked = bench.check({ ...run, day: dayBefore(7) });
    await expect(checked).rejects.toMatchObject({ code: 'checkpoint_taken' });
    expect(await bench.reminders()).toHaveLength(20);
  });
});

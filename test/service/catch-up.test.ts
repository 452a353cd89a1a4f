import { afterEach, describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const NIGHTLY = { name: 'nightly', cron_expression: '0 2 * * *' };
let service: RunningApp | undefined;

async function start(folder: string, clock: VirtualClock): Promise<RunningApp> {
  service = await startApp({ DATA_DIR: folder }, { clock });
  return service;
}

async function stop(): Promise<void> {
  await service?.app.stop();
  service = undefined;
}

afterEach(stop);

/** A service that has a nightly job, is down from one instant to another, and then up for a while. */
async function outage(from: string, to: string, config: object = {}) {
  const folder = temporaryFolder();
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const before = await start(folder, clock);
  const { body: job } = await before.call('POST', '', { ...NIGHTLY, ...config });
  clock.skipTo(from);
  await clock.advance(1_000);
  await stop();
  clock.skipTo(to);
  const after = await start(folder, clock);
  await clock.advance(5_000);
  const { body: runs } = await after.call('GET', `/${job.id}/runs`);
  const { body: ledger } = await after.call('GET', `/${job.id}/slots?from=2026-03-26T00:00:00Z`);
  return {
    runs: runs.data as Record<string, any>[],
    slots: (ledger.data as Record<string, any>[]).filter(({ outcome }) => outcome !== 'upcoming'),
  };
}

describe('an outage over the slot of a nightly job', () => {
  it('runs it once when the service is back, and says how late it is', async () => {
    const { runs, slots } = await outage('2026-03-27T01:50:00.000Z', '2026-03-27T02:30:00.000Z');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      slot: '2026-03-27T02:00:00Z',
      started_at: '2026-03-27T02:30:00Z',
      late_by_ms: 1_800_000,
      status: 'success',
    });
    expect(slots).toEqual([
      {
        slot: '2026-03-27T02:00:00Z',
        outcome: 'started',
        reason: null,
        run_id: runs[0]?.run_id,
        late_by_ms: 1_800_000,
        decided_at: '2026-03-27T02:30:00Z',
        expected: true,
      },
    ]);
  });
});

describe('an outage of three nights', () => {
  const NIGHTS = ['2026-03-27', '2026-03-28', '2026-03-29'].map((day) => `${day}T02:00:00Z`);
  const after = (catchup_policy: string) =>
    outage('2026-03-26T22:00:00.000Z', '2026-03-29T02:30:00.000Z', {
      catchup_policy,
      catchup_window_seconds: 864_000,
    });

  it.each([
    ['latest', ['skipped', 'skipped', 'started'], ['superseded', 'superseded', null], 1],
    ['all', ['started', 'started', 'started'], [null, null, null], 3],
    ['skip', ['skipped', 'skipped', 'skipped'], ['catch_up_skip', 'catch_up_skip', 'catch_up_skip'], 0],
  ])('under %s ends each slot as the policy says', async (policy, outcomes, reasons, count) => {
    const { runs, slots } = await after(policy);
    expect(slots.map(({ slot }) => slot)).toEqual(NIGHTS);
    expect(slots.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(slots.map(({ reason }) => reason)).toEqual(reasons);
    expect(runs).toHaveLength(count);
  });

  it('under all runs them one after the other, oldest first', async () => {
    const { runs } = await after('all');
    const inOrder = [...runs].reverse();
    expect(inOrder.map(({ slot }) => slot)).toEqual(NIGHTS);
    for (const [index, run] of inOrder.slice(1).entries())
      expect(Date.parse(run.started_at)).toBeGreaterThanOrEqual(
        Date.parse(inOrder[index]?.completed_at as string),
      );
  });
});

it('a change of the description just after the slot loses nothing', async () => {
  const clock = createVirtualClock('2026-03-27T01:59:59.000Z');
  const app = await start(temporaryFolder(), clock);
  const { body: job } = await app.call('POST', '', NIGHTLY);
  // As a pause of the process leaves it: the slot has come, and the scheduler has not looked yet.
  clock.skipTo('2026-03-27T02:00:00.050Z');
  const changed = await app.call('PUT', `/${job.id}`, { description: 'changed', reason: 'to see' });
  expect(changed.status).toBe(200);
  await clock.advance(2_000);
  const { body: ledger } = await app.call(
    'GET',
    `/${job.id}/slots?from=2026-03-27T00:00:00Z&to=2026-03-28T00:00:00Z`,
  );
  expect(ledger.data).toMatchObject([{ slot: '2026-03-27T02:00:00Z', outcome: 'started' }]);
});

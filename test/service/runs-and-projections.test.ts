import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let service: RunningApp;
let stored: ReadStore;
/** While it is closed, the projection of reminders stands still. */
let gate: Gate;
let cronId: string;

beforeEach(async () => {
  gate = createGate();
  stored = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const store: ReadStore = {
    ...stored,
    async write(changes, checkpoint) {
      if (checkpoint?.name === 'reminders') await gate.passed;
      await stored.write(changes, checkpoint);
    },
  };
  service = await startApp({ DATA_DIR: temporaryFolder() }, { store });
  const { body } = await service.call('POST', '', { name: 'nightly', cron_expression: '0 2 * * *' });
  cronId = body.id as string;
});
afterEach(async () => {
  gate.open();
  await service.app.stop();
  await stored.close();
});

async function execute(dry_run: boolean): Promise<string> {
  const { body } = await service.call('POST', `/${cronId}/execute`, { dry_run });
  return body.run_id as string;
}

async function statusOf(runId: string): Promise<string> {
  const { body } = await service.call('GET', `/${cronId}/runs`);
  const runs = body.data as { run_id: string; status: string }[];
  return runs.find(({ run_id }) => run_id === runId)?.status ?? 'unknown';
}

describe('while the projection of reminders stands still', () => {
  it('a run waits for it, real or dry: it must know whom has been reminded before it counts', async () => {
    const runs = [await execute(true), await execute(false)];
    for (const run of runs) expect(await statusOf(run)).toBe('running');
    gate.open();
    for (const run of runs) await eventually('it has ended', async () => (await statusOf(run)) === 'success');
  });

  it('a run that waits for it can be cancelled', async () => {
    const run = await execute(false);
    const { status } = await service.call('POST', `/${cronId}/runs/${run}/cancel`);
    expect([status, await statusOf(run)]).toEqual([200, 'failed']);
    gate.open();
    const next = await execute(false);
    await eventually('the next one has ended', async () => (await statusOf(next)) === 'success');
  });
});

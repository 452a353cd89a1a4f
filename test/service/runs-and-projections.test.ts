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
  it('a run is performed to its end', async () => {
    const runId = await execute(false);
    await eventually('it has ended', async () => (await statusOf(runId)) === 'success');
  });

  it('a dry run, which only counts, waits for it', async () => {
    const dry = await execute(true);
    const real = await execute(false);
    await eventually('the real one has ended', async () => (await statusOf(real)) === 'success');
    expect(await statusOf(dry)).toBe('running');
    gate.open();
    await eventually('the dry one has ended, too', async () => (await statusOf(dry)) === 'success');
  });
});

import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createFleet } from '../../../src/fleet/fleet.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import type { EventLog } from '../../../src/ports/event-log.js';

it('takes in a newcomer whose clock is wrong although the log is slow', async () => {
  const time = createVirtualClock('2026-03-26T10:00:00.000Z');
  const ids = createSeededIds();
  const log = openSqliteEventLog({ path: ':memory:', clock: time, ids });
  const slow: EventLog = {
    ...log,
    append: async (writes) => {
      await time.sleep(1_500);
      return log.append(writes);
    },
  };
  const logger = createCollectingLogger();
  const over = new AbortController();
  const start = (instance: string, offset: number) => {
    const fleet = createFleet({
      log: slow,
      clock: { ...time, now: () => time.now() + offset },
      ids,
      logger,
      instance,
      settings: {},
      signEveryMs: 30_000,
      listenMs: 10_000,
      lookEveryMs: 1_000,
    });
    void fleet.run(over.signal);
    return fleet;
  };
  start('one', 0);
  start('two', 0);
  await time.advance(120_000);
  const late = start('late', 86_400_000);
  let error = NaN;
  void late.agreed.then(() => (error = late.clock.now() - time.now()));
  await time.advance(60_000);
  await time.advance(600_000);
  const [last] = await log.readStream('fleet-signs', { direction: 'backwards', limit: 1 });
  expect(Math.abs(error)).toBeLessThan(10_000);
  // Neither do they talk without end.
  expect(last?.version).toBeLessThan(250);
  over.abort();
  await time.advance(5_000);
  await log.close();
});

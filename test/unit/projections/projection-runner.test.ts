import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { START, type EventLog } from '../../../src/ports/event-log.js';
import type { Checkpoint, ReadStore } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { createProjectionRunner } from '../../../src/projections/projection-runner.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const group = projectionGroups({ allowSeconds: false }).reminders;
const STREAM = 'certificationReminder-1';
/** Those between the claim and the first batch are fewer. */
const MICROTASKS = Array.from({ length: 12 }, (_, count) => count);

it.each(MICROTASKS)(
  'microtasks after a new claim, %d: the position before it is not taken for that of the emptied models',
  async (microtasks) => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const waiting = { clock, ids: systemIds, path: ':memory:' };
    const [log, store] = [openSqliteEventLog(waiting), openSqliteReadStore(waiting)];
    let tell: (claimed: Checkpoint | undefined) => void = () => undefined;
    let [isHeld, isQuiet] = [false, false];
    const held = new Promise<Checkpoint | undefined>((resolve) => (tell = resolve));
    const watched: ReadStore = {
      ...store,
      readCheckpoint(name) {
        if (!isHeld) return store.readCheckpoint(name);
        isHeld = false;
        return held;
      },
      async claim(claim) {
        await store.claim(claim);
        const claimed = await store.readCheckpoint(group.name);
        if (isQuiet) void after(microtasks).then(() => tell(claimed));
      },
    };
    const silenced: EventLog = {
      ...log,
      async *subscribe(options) {
        if (!isQuiet) yield* log.subscribe(options);
        else await clock.sleep(Infinity, options.signal);
      },
    };
    const runner = createProjectionRunner(group, {
      log: silenced,
      store: watched,
      clock,
      ids: systemIds,
      logger: createCollectingLogger(),
    });
    const over = new AbortController();
    const running = runner.run(over.signal);
    await append(log, STREAM, 0, [sampleEvent()]);
    const head = await log.head();
    await runner.whenProjected(head, over.signal);

    // Another one empties the models, and goes away.
    [isHeld, isQuiet] = [true, true];
    let isProjected = false;
    void runner.whenProjected(head, over.signal).then(() => (isProjected = !over.signal.aborted));
    const instead = (await store.readCheckpoint(group.name))?.projector;
    const checkpoint = {
      position: START,
      event: null,
      projection_version: group.version,
      projector: 'another',
    };
    await store.claim({ name: group.name, checkpoint, instead, emptied: ['reminders'] });
    await append(log, STREAM, 1, [sampleEvent()]);
    await eventually('it claims them anew', async () => {
      await clock.advance(300);
      return (await store.readCheckpoint(group.name))?.projector !== 'another';
    });
    await clock.advance(1_000);
    expect(isProjected).toBe(false);
    over.abort();
    await clock.advance(1_000);
    await running;
    await Promise.all([log.close(), store.close()]);
  },
);

async function after(microtasks: number): Promise<void> {
  for (let passed = 0; passed < microtasks; passed += 1) await Promise.resolve();
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { Resumed } from '../../../src/following/follower.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { Checkpoint, ReadStore } from '../../../src/ports/read-store.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { createBatchProjector } from '../../../src/projections/project-batches.js';
import { createGate, type Gate } from '../../support/eventually.js';
import { sampleEvent } from '../../support/sample-events.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const group = projectionGroups({ allowSeconds: false }).reminders;
const CLAIMED: Checkpoint = {
  position: '',
  event: null,
  projection_version: group.version,
  projector: 'this one',
};
const { signal } = new AbortController();
const at = (place: number): string => String(place).padStart(5, '0');

let clock: VirtualClock;
let stored: string[];
let isFull: boolean;
/** How long a write takes. */
let writeMs: number;
/** While it is closed, rows are not written. */
let gate: Gate;
let resumed: Resumed;
let moves: string[];

beforeEach(async () => {
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const store = openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });
  await store.claim({ name: group.name, checkpoint: CLAIMED, instead: undefined, emptied: [] });
  [stored, moves, isFull] = [[], [], false];
  writeMs = 0;
  gate = createGate();
  gate.open();
  const watched: ReadStore = {
    ...store,
    async write(changes, checkpoint) {
      if (isFull) throw new StoreError('storage_full', 'full');
      await clock.sleep(writeMs);
      if (changes.length > 0) await gate.passed;
      await store.write(changes, checkpoint);
      stored.push(checkpoint?.checkpoint.position ?? '');
    },
  };
  const makeAnew = () => Promise.reject(new Error('each row was folded'));
  resumed = createBatchProjector(group, { store: watched, clock, makeAnew })(CLAIMED);
});

function take(place: number, events: RecordedEvent[] = []): Promise<void> {
  const batch = { events, position: at(place), caughtUp: true };
  return resumed.take(batch, signal, (position) => moves.push(position));
}

function event(place: number): RecordedEvent {
  const where = { stream: `certificationReminder-${place}`, version: 1, position: at(place) };
  const data = {
    cron_id: 'cron-1',
    run_id: `run-${place}`,
    mentor_id: 'mentor-1',
    certification_id: 'certification-1',
    expires_at: '2026-04-01',
    threshold_days: 7,
    days_left: 6,
    requested_at: '2026-03-26T10:00:00.000Z',
  };
  const type = 'ReminderRequested';
  return { ...sampleEvent(data), type, ...where, recorded_at: '2026-03-26T10:00:00.000Z' };
}

describe('the checkpoint', () => {
  it('moves with events of other groups at once, and is stored now and then, the newest last', async () => {
    for (let place = 1; place <= 300; place++) {
      await take(place);
      await clock.advance(1);
    }
    expect(moves).toHaveLength(300);
    expect(stored.length).toBeLessThan(6);
    await clock.advance(100);
    expect(stored.at(-1)).toBe(at(300));
    expect(stored).toEqual([...stored].sort());
  });

  it('is stored at once after a quiet time: others may wait for it', async () => {
    await take(1);
    await clock.advance(5_000);
    await take(2);
    expect(stored).toEqual([at(1), at(2)]);
  });

  it('that cannot be stored at once is a fault at once', async () => {
    isFull = true;
    await expect(take(1)).rejects.toMatchObject({ code: 'storage_full' });
    expect(moves).toEqual([]);
  });

  it('is stored with each batch that has events', async () => {
    await take(1);
    await take(2, [event(2)]);
    await take(3, [event(3)]);
    expect(stored.slice(-2)).toEqual([at(2), at(3)]);
    await clock.advance(1_000);
    expect(stored.at(-1)).toBe(at(3));
  });

  it('that a slow store takes long to store does not make rows wait for more than one other', async () => {
    writeMs = 5_000;
    const taking = take(1);
    await clock.advance(5_000);
    await taking;
    for (let place = 2; place < 200; place++) {
      const emptied = take(place);
      await clock.advance(50);
      void emptied;
    }
    let isWritten = false;
    const rows = take(200, [event(200)]).then(() => (isWritten = true));
    await clock.advance(10_100);
    expect(isWritten).toBe(true);
    await rows;
  });

  it('is never stored before the rows that it stands for', async () => {
    await take(1);
    await take(2);
    gate = createGate();
    const taking = take(3, [event(3)]);
    // The time to store the second position comes while the rows of the third one are being written.
    await clock.advance(1_000);
    expect(stored).not.toContain(at(3));
    gate.open();
    await taking;
    await clock.advance(1_000);
    expect(stored.at(-1)).toBe(at(3));
    expect(stored).toEqual([...stored].sort());
  });

  it('that could not be stored is a fault of the next batch, and closing stores no more', async () => {
    await take(1);
    isFull = true;
    await take(2);
    await clock.advance(200);
    await expect(take(3)).rejects.toMatchObject({ code: 'storage_full' });
    isFull = false;
    await resumed.close?.();
    await clock.advance(1_000);
    expect(stored).toEqual([at(1)]);
  });
});

import { expect, it } from '@jest/globals';
import { createMilestones } from '../../../src/ledger/milestones.js';
import { readSlotLedger } from '../../../src/ledger/read-slot-ledger.js';
import type { EventLog, RecordedEvent } from '../../../src/ports/event-log.js';
import { SLOT_ENGINE_VERSION } from '../../../src/schedule/slots.js';

const NOW = Date.parse('2026-03-26T10:00:00.000Z');
const EVENTS = 1_000;
const today = { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: 'test' };
const hints = { start: undefined, wasReset: false };
/** After all that has happened, so that all of it must be read. */
const range = { from: NOW + 1, to: NOW + 60_000, limit: 100, now: NOW, today };

/** A stream of events that decide nothing; they are made as they are read. */
function createLongLog(onRead: (options: Parameters<EventLog['readStream']>[1]) => void) {
  const readStream: EventLog['readStream'] = (stream, options) => {
    onRead(options);
    const { direction, limit } = options;
    const from = direction === 'backwards' ? EVENTS : (options.from ?? 1);
    const count = Math.max(0, Math.min(limit, EVENTS - from + 1));
    return Promise.resolve(Array.from({ length: count }, (_, index) => eventAt(stream, from + index)));
  };
  return { readStream } as EventLog;
}

function eventAt(stream: string, version: number): RecordedEvent {
  const reset_at = new Date(NOW).toISOString();
  return {
    id: `event-${version}`,
    type: 'CronJobUpdated',
    data: { cron_id: 'cron-1', changes: { description: 'x' }, reason: null, updated_at: reset_at },
    metadata: { actor: 'test', correlation_id: 't', causation_id: null, schema_version: 1, ...today },
    stream,
    version,
    position: String(version),
    recorded_at: reset_at,
  };
}

it('a long stream is read in short pieces, each in a turn of its own when it must wait', async () => {
  let [atOnce, mostAtOnce, longest] = [0, 0, 0];
  const log = createLongLog(({ limit }) => (longest = Math.max(longest, limit)));
  const nextSlice = (): Promise<void> => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    return new Promise((resolve) => {
      setImmediate(() => {
        atOnce = 0;
        resolve();
      });
    });
  };
  const { signal } = new AbortController();
  await readSlotLedger({ log, milestones: createMilestones(log), nextSlice, signal }, 'cron-1', range, hints);
  expect({ mostAtOnce, longest }).toEqual({ mostAtOnce: 1, longest: 100 });
});

it('reading ends when nobody waits for it any more', async () => {
  const gone = new AbortController();
  let reads = 0;
  const log = createLongLog(({ limit }) => {
    if (limit > 1) reads++;
    if (reads === 3) gone.abort();
  });
  const nextSlice = (): Promise<void> => Promise.resolve();
  const { signal } = gone;
  await readSlotLedger({ log, milestones: createMilestones(log), nextSlice, signal }, 'cron-1', range, hints);
  // The third of the walk to the range, and what would have been the first one of the range.
  expect(reads).toBe(4);
});

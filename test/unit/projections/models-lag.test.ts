import { expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { EMPTYING, type Checkpoint } from '../../../src/ports/read-store.js';
import { createModelsLag } from '../../../src/projections/models-lag.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

async function started(position: string) {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  let read = position;
  let stored: Checkpoint | undefined;
  let tell: (events: readonly RecordedEvent[]) => void = () => undefined;
  const lag = createModelsLag(
    { name: 'jobs' },
    {
      store: { readCheckpoint: () => Promise.resolve(stored) },
      clock,
      reader: { caughtUp: Promise.resolve(), position: () => read, tap: (listener) => (tell = listener) },
    },
  );
  await Promise.resolve();
  return {
    clock,
    reads: (next: string): void => {
      read = next;
      tell([{ position: next } as RecordedEvent]);
    },
    isLong: (at: string | undefined, projection_version = 1): Promise<boolean> => {
      stored =
        at === undefined ? undefined : { position: at, event: null, projection_version, projector: 'p' };
      return lag.isLong();
    },
  };
}

it('models are far behind that lack what a start has read, are not there, or are being emptied', async () => {
  const { isLong } = await started('5');
  expect(await isLong('4')).toBe(true);
  expect(await isLong('5')).toBe(false);
  expect(await isLong(undefined)).toBe(true);
  expect(await isLong('5', EMPTYING)).toBe(true);
});

it('models may lack what came within the last minute, and nothing older', async () => {
  const { clock, reads, isLong } = await started('5');
  await clock.advance(60_000);
  reads('6');
  expect(await isLong('5')).toBe(false);
  await clock.advance(59_000);
  reads('7');
  expect(await isLong('5')).toBe(false);
  await clock.advance(1_000);
  expect(await isLong('5')).toBe(true);
  expect(await isLong('6')).toBe(false);
});

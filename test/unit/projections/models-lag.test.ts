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
    /** @param meanwhile the checkpoints that stand when the reading begins, and at the end of each time */
    reading: ([first, ...meanwhile]: readonly (readonly [
      projector: string,
      position: string,
      version?: number,
    ])[]) => {
      const stand = ([projector, at, projection_version = 1]: readonly [string, string, number?]): void => {
        stored = { position: at, event: null, projection_version, projector };
      };
      if (first !== undefined) stand(first);
      let times = 0;
      return lag.reading(() => {
        const next = meanwhile[times++];
        if (next !== undefined) stand(next);
        return Promise.resolve(times);
      });
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

it.each([
  [
    'nothing has changed',
    [
      ['p', '5'],
      ['p', '5'],
    ],
    { found: 1, isOfOneState: true, isLong: false },
  ],
  [
    'they are far behind',
    [
      ['p', '4'],
      ['p', '4'],
    ],
    { found: 1, isOfOneState: true, isLong: true },
  ],
  [
    'they have come up since',
    [
      ['p', '4'],
      ['p', '5'],
    ],
    { found: 1, isOfOneState: true, isLong: true },
  ],
  [
    'another projector came',
    [
      ['p', '5'],
      ['q', '5'],
      ['q', '5'],
    ],
    { found: 2, isOfOneState: true, isLong: false },
  ],
  [
    'it empties them',
    [
      ['p', '5'],
      ['q', '4'],
      ['q', '4'],
    ],
    { found: 2, isOfOneState: true, isLong: true },
  ],
  [
    'they are being emptied',
    [
      ['p', '5'],
      ['q', '5', EMPTYING],
    ],
    { found: 3, isOfOneState: false, isLong: true },
  ],
  [
    'each time another one came',
    [
      ['p', '5'],
      ['q', '5'],
      ['r', '5'],
      ['s', '5'],
    ],
    { found: 3, isOfOneState: false, isLong: false },
  ],
] as const)(
  'an answer of many rows is of one state of the models, or says so: %s',
  async (_, meanwhile, expected) => {
    const { reading } = await started('5');
    expect(await reading(meanwhile)).toEqual(expected);
  },
);

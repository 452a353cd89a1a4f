import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPassingStates } from '../../../src/history/passing-states.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { historyOf } from '../messaging/publisher-world.js';
import { carriedOut, CRON_ID, histories } from './random-history.js';

const OPTIONS = { allowSeconds: true };

it('are what the log says, after each event that is asked for, whatever was asked for before', async () => {
  const asked = fc.array(fc.boolean(), { minLength: 25, maxLength: 25 });
  const property = fc.asyncProperty(histories, asked, async (steps, isAsked) => {
    const { log } = await carriedOut(steps);
    const history = historyOf(log);
    const events = await log.readStream(jobStream(CRON_ID), { direction: 'forwards', limit: 100 });
    let reads = 0;
    const counted = {
      stateAt: (cronId: string, version: number) => {
        reads++;
        return history.stateAt(cronId, version);
      },
    };
    const states = createPassingStates(counted, OPTIONS);
    for (const [nth, event] of events.entries()) {
      states.take(event);
      // Delivered twice.
      if (nth % 3 === 0) states.take(event);
      if (isAsked[nth] === true)
        expect(await states.after(event)).toEqual(await history.stateAt(CRON_ID, event.version));
    }
    // What was asked for once is folded on.
    expect(reads).toBeLessThanOrEqual(1);
    await log.close();
  });
  await fc.assert(property, { numRuns: 100 });
});

it('are read again when an event was passed by', async () => {
  const tick = {
    ask: () => ({ type: 'TriggerRun', dry_run: true }) as const,
    key: undefined,
    afterMs: 1,
    aheadMs: 0,
  };
  const { log } = await carriedOut([tick, tick, tick, tick]);
  const history = historyOf(log);
  const events = await log.readStream(jobStream(CRON_ID), { direction: 'forwards', limit: 100 });
  const states = createPassingStates(history, OPTIONS);
  const [first, , third, fourth] = events;
  if (first === undefined || third === undefined || fourth === undefined) throw new Error('no events');
  await states.after(first);
  states.take(third);
  states.take(fourth);
  expect(await states.after(fourth)).toEqual(await history.stateAt(CRON_ID, fourth.version));
  await log.close();
});

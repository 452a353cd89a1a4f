import { expect, it } from '@jest/globals';
import { createOutlook } from '../../../src/expiry-check/outlook.js';
import { whenRemindersKnown } from '../../../src/http/known-reminders.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

function outlookWith(whenKnown: (position: string, signal: AbortSignal) => Promise<() => Promise<void>>) {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const log = { head: () => Promise.resolve('7') };
  const options = { thresholds: [], maxAgeHours: null, allowSeconds: false };
  const sources = { store: {} as never, clock, reminders: { whenKnown } };
  return { clock, outlook: createOutlook({ log, registry: {} as never }, options, sources) };
}

const still = () => Promise.resolve();

/** As the projector does it: never there, but over when the signal aborts. */
const never = (_: string, signal: AbortSignal) =>
  new Promise<() => Promise<void>>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(still);
    });
  });

it('reminders are known when the read model has come to where the log ended', async () => {
  const asked: string[] = [];
  const { outlook } = outlookWith((position) => {
    asked.push(position);
    return Promise.resolve(still);
  });
  expect(await outlook.knowsReminders(new AbortController().signal)).toBe(still);
  expect(asked).toEqual(['7']);
});

it('reminders are not known when the read model stays behind: a client is asked to come back', async () => {
  const { clock, outlook } = outlookWith(never);
  const known = whenRemindersKnown(outlook, new AbortController().signal);
  const refused = expect(known).rejects.toMatchObject({
    problem: { status: 503, code: 'reads_behind' },
  });
  await clock.advance(5_000);
  await refused;
});

it('nobody waits for the read model when the client has hung up', async () => {
  const { clock, outlook } = outlookWith(never);
  const gone = new AbortController();
  const known = expect(whenRemindersKnown(outlook, gone.signal)).rejects.toBeNull();
  await clock.advance(100);
  gone.abort(null);
  await known;
});

it('a store that fails meanwhile is told', async () => {
  const { outlook } = outlookWith(() => Promise.reject(new Error('down')));
  await expect(outlook.knowsReminders(new AbortController().signal)).rejects.toThrow('down');
});

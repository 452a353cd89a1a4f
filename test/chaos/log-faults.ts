import { setTimeout as pause } from 'node:timers/promises';
import type { FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import type { FaultWorld } from './faults.js';

const LONGEST_PAUSE_MS = 1_000;
const FOLLOWED_WITHIN_MS = 10_000;
const NEWS_WITHIN_MS = 10_000;

/** Faults that befall the server of the log, as the stand-in suffers them on command. None leaves it stopped. */
export const logFaults = {
  /** It ends all live subscriptions, as it does when their readers lag behind: ordinary, so nobody may call it a fault. */
  async 'too-slow'(world: FaultWorld) {
    const { fleet, dice, counts } = world;
    const standIn = standInOf(world);
    for (let times = 3 + Math.floor(3 * dice.random()); times > 0; times--) {
      // After an outage their connections come back one after the other; this process follows, too.
      await until(() => standIn.openSubscriptions() > fleet.up().length, FOLLOWED_WITHIN_MS);
      const before = standIn.openSubscriptions();
      standIn.faults.tooSlow();
      counts.endedSubscriptions += before - standIn.openSubscriptions();
      // A subscription that ends twice without any news in between may be called faulty.
      const events = standIn.storage.shown().length;
      await until(() => standIn.storage.shown().length > events, NEWS_WITHIN_MS);
      await pause(300 + dice.duration(1, LONGEST_PAUSE_MS));
    }
  },

  /** It is gone for less or more than a lease, and comes back with everything that it had. */
  async 'log-outage'(world: FaultWorld) {
    const { dice, leaseMs, outages, counts } = world;
    const standIn = standInOf(world);
    const from = Date.now();
    standIn.stop();
    await pause(leaseMs * (0.3 + 2.2 * dice.random()));
    await standIn.restart();
    outages.push({ from, until: Date.now() });
    counts.outages++;
  },
};

function standInOf({ standIn }: FaultWorld): FakeEventStore {
  if (standIn === undefined) throw new Error('this log suffers no faults on command');
  return standIn;
}

/** Goes on without it when it takes too long. */
async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  for (const giveUpAt = performance.now() + withinMs; !isSo() && performance.now() < giveUpAt;)
    await pause(20);
}

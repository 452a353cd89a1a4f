import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../simulation/dice.js';
import type { FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import type { Fleet } from './fleet.js';
import type { Outage } from './outage.js';
import type { Mark, TakeoverKind } from './takeovers.js';

export interface FaultWorld {
  fleet: Fleet;
  dice: Dice;
  leaseMs: number;
  /** Leaders that were taken away. */
  marks: Mark[];
  outages: Outage[];
  counts: Counts;
  /** From now on, until it is called with false, instances stall between decisions and appends. */
  setStalls: (on: boolean) => void;
  /** How many stalls there were. */
  stalls: () => number;
  /** Has the log; undefined: the log suffers no faults on command. */
  standIn: FakeEventStore | undefined;
  /** Waits until a leader of a later term has decided. */
  untilTakenOver(mark: Mark): Promise<void>;
}

export type Counts = Record<'kills' | 'pauses' | 'restarts' | 'outages' | 'endedSubscriptions', number>;

const STALLS_FOR_MS = 4_000;
/**
 * The number of stalls depends on how much the instances write in that time: the fault lasts until at least this many.
 */
const LEAST_STALLS = 3;
const STALLS_FOR_AT_MOST_MS = 20_000;

/** Faults that befall instances. None leaves an instance stopped or stalled; a killed one may still be down. */
export const faults = {
  /** The leader dies, alone; everything else is well. */
  async 'kill-slow'(world: FaultWorld) {
    const mark = await killLeader(world, 'kill');
    await world.untilTakenOver(mark);
    await pause(2_000 * world.dice.random());
  },

  /** The leader dies, with it or soon after it another one, and the next leader as soon as it leads. */
  async 'kill-fast'(world: FaultWorld) {
    const { fleet, dice, counts } = world;
    const starting: Promise<void>[] = [];
    for (let kills = 2 + Math.floor(3 * dice.random()); kills > 0; kills--) {
      await killLeader(world, 'fast kill');
      await pause(dice.duration(1, 300));
      const others = fleet.up();
      if (others.length > 1 && dice.chance(0.5)) {
        await fleet.kill(dice.oneOf(others));
        counts.kills++;
      }
      starting.push(fleet.startMissing());
    }
    await Promise.all(starting);
  },

  /** The leader is paused until another one leads, then resumes as if nothing had happened. */
  async 'pause-leader'(world: FaultWorld) {
    const { fleet, dice, leaseMs, marks, counts } = world;
    const { index, term } = await fleet.leader();
    marks.push({ kind: 'pause', at: Date.now(), term });
    await standStill(world, index, leaseMs * (1.3 + 1.5 * dice.random()));
    counts.pauses++;
    await pause(1_000);
  },

  async 'pause-follower'(world: FaultWorld) {
    const { fleet, dice, leaseMs, counts } = world;
    const { index } = await fleet.leader();
    const followers = fleet.up().filter((other) => other !== index);
    if (followers.length === 0) return;
    await standStill(world, dice.oneOf(followers), leaseMs * (1.3 + dice.random()));
    counts.pauses++;
  },

  async stalls({ setStalls, stalls }: FaultWorld) {
    const before = stalls();
    const since = performance.now();
    setStalls(true);
    await pause(STALLS_FOR_MS);
    while (stalls() < before + LEAST_STALLS && performance.now() - since < STALLS_FOR_AT_MOST_MS)
      await pause(100);
    setStalls(false);
  },

  async 'rolling-restart'({ fleet, marks, counts }: FaultWorld) {
    for (const index of fleet.up()) {
      const leader = await fleet.leader();
      if (leader.index === index) marks.push({ kind: 'hand-over', at: Date.now(), term: leader.term });
      await fleet.terminate(index);
      await fleet.startMissing();
      counts.restarts++;
    }
  },

  async 'kill-all'(world: FaultWorld) {
    const { fleet, dice, leaseMs, counts, marks } = world;
    const { term } = await fleet.leader();
    const up = fleet.up();
    marks.push({ kind: 'kill of all', at: Date.now(), term });
    await Promise.all(up.map((index) => fleet.kill(index)));
    counts.kills += up.length;
    await pause(2 * leaseMs * dice.random());
  },
};

async function killLeader(
  { fleet, counts, marks }: FaultWorld,
  kind: Extract<TakeoverKind, 'kill' | 'fast kill'>,
): Promise<Mark> {
  const { index, term } = await fleet.leader();
  const mark = { kind, at: Date.now(), term };
  marks.push(mark);
  await fleet.kill(index);
  counts.kills++;
  return mark;
}

async function standStill({ fleet, outages }: FaultWorld, index: number, ms: number): Promise<void> {
  const from = Date.now();
  fleet.pause(index);
  await pause(ms);
  fleet.resume(index);
  outages.push({ from, until: Date.now() });
}

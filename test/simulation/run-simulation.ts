import { readWholeLog } from '../support/read-whole-log.js';
import { checkAll } from './checkers/check-all.js';
import { startClients } from './clients.js';
import { createCluster } from './cluster.js';
import { countStates } from './count-states.js';
import { startRegistryOwner } from './registry-owner.js';
import type { Scenario } from './scenario.js';
import { createWorld } from './world.js';

/** The outcome of one seed. */
export interface Outcome {
  seed: number;
  days: number;
  jobs: Scenario['kind'];
  /** Each broken promise, with a short story of how it happened; none when all hold. */
  violations: string[];
  /** How many of each: slots, runs, events, faults, and rare states that were reached. */
  counts: Record<string, number>;
  /** Of the whole log: the same seed gives the same. */
  digest: string;
}

const DAY = 86_400_000;
/** Long enough for every run open at the end, started by a clock that was days or hours ahead, to close. */
const QUIET_DAYS = { days: 4, minutes: 1, clocks: 1, backlogs: 2, restores: 1 };
/** No slot comes then: a run that is started while everything stops stays open, as it should. */
const STOP_AFTER_MS = 37 * 60_000 + 37_000;

/** Runs a world for its days, heals it, lets it settle, and checks its history against the promises. */
export async function runSimulation(scenario: Scenario): Promise<Outcome> {
  const world = await createWorld(scenario);
  const { time, log } = world;
  const cluster = createCluster(world);
  const end = scenario.start + scenario.days * DAY;

  cluster.start();
  startClients(world, cluster);
  startRegistryOwner(world);
  cluster.torment();
  await time.runUntil(end);

  world.faulty = false;
  const healed = cluster.heal();
  const until = end + QUIET_DAYS[scenario.kind] * DAY;
  await time.runUntil(until + STOP_AFTER_MS);
  await healed;
  const stopped = cluster.stop();
  await time.runUntil(until + DAY);
  await stopped;

  const events = await time.during(readWholeLog(log));
  const violations = await time.during(checkAll(world, events, { from: scenario.start, until }));
  const counts = countStates(world, events);
  await time.during(Promise.all([log.close(), world.store.close(), world.registry.close()]));
  const { seed, days, kind } = scenario;
  return { seed, days, jobs: kind, violations, ...counts };
}

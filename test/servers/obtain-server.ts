import { reasonOf } from './bounded.js';
import type { Obtained } from './obtained.js';
import { say } from './progress.js';
import { givenUrl, type ServerPlan } from './server-plans.js';
import type { Way } from './way.js';

export interface Kept {
  obtained: Obtained;
  stop: () => Promise<void>;
}

const nothingToStop = () => Promise.resolve();

export interface ObtainOptions {
  /** Whether a stand-in will do where there is no server. */
  orStandIn: boolean;
}

const REAL: ObtainOptions = { orStandIn: false };

/** The given server, else one by the first way that works. Never rejects: a missing server says why. */
export async function obtainServer(plan: ServerPlan, { orStandIn } = REAL): Promise<Kept> {
  const url = givenUrl(plan);
  if (url !== undefined) return { obtained: { kind: 'ready', url, via: 'given' }, stop: nothingToStop };
  const kept = await firstThatWorks<Kept>(plan, waysTo(plan, orStandIn), async (way) => {
    const start = await way.prepare();
    const { stop, ...running } = await start();
    return { obtained: { kind: 'ready', via: way.via, ...running }, stop };
  });
  return 'reason' in kept
    ? { obtained: { kind: 'missing', reason: kept.reason }, stop: nothingToStop }
    : kept;
}

/** Fetches and builds everything needed to start it. @returns whether the server is available */
export async function prepareServer(plan: ServerPlan, { orStandIn }: ObtainOptions): Promise<boolean> {
  if (givenUrl(plan) !== undefined) {
    say(`${plan.title}: given`);
    return true;
  }
  const prepared = await firstThatWorks(plan, waysTo(plan, orStandIn), async (way) => {
    await way.prepare();
    return way;
  });
  say('reason' in prepared ? `NO ${plan.title}: ${prepared.reason}` : `${plan.title}: ${prepared.via}`);
  return !('reason' in prepared);
}

function waysTo({ ways, standIn }: ServerPlan, orStandIn: boolean): readonly Way[] {
  return orStandIn && standIn !== undefined ? [...ways, standIn] : ways;
}

async function firstThatWorks<T extends object>(
  plan: ServerPlan,
  ways: readonly Way[],
  attempt: (way: Way) => Promise<T>,
): Promise<T | { reason: string }> {
  const reasons = [`${plan.givenBy} is not set`];
  for (const way of ways) {
    try {
      return await attempt(way);
    } catch (error) {
      reasons.push(`${way.via}: ${reasonOf(error)}`);
    }
  }
  return { reason: reasons.join('; ') };
}

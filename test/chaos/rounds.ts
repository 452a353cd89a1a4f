import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../simulation/dice.js';
import { faultKinds, type FaultKind } from './fault-kinds.js';
import type { FaultWorld } from './faults.js';

const CHANCE_OF_STALLS = 0.3;

/**
 * Inflicts one fault after the other on the instances and their log, each time until all are back and one leads.
 * @throws Error when that does not happen in time, such as when no instance leads
 */
export async function liveThroughRounds(
  world: FaultWorld,
  options: {
    rounds: number;
    kinds: readonly FaultKind[];
    /** Called after each round, with what it was. */
    onRound: (round: number, what: string) => Promise<void>;
  },
): Promise<void> {
  const { fleet, dice, setStalls } = world;
  const nextKind = dealer(options.kinds, dice);
  try {
    for (let round = 1; round <= options.rounds; round++) {
      const kind = nextKind();
      // A leader that stalls would be measured as a slow takeover.
      const stalling = kind !== 'kill-slow' && kind !== 'stalls' && dice.chance(CHANCE_OF_STALLS);
      if (stalling) setStalls(true);
      await faultKinds[kind](world);
      setStalls(false);
      await fleet.startMissing();
      await fleet.leader();
      await options.onRound(round, stalling ? `${kind} and stalls` : kind);
      await pause(200 + 600 * dice.random());
    }
  } finally {
    setStalls(false);
  }
}

/** Deals out all kinds, shuffled, before one comes again. */
function dealer(kinds: readonly FaultKind[], dice: Dice): () => FaultKind {
  let left: FaultKind[] = [];
  return () => {
    if (left.length === 0) left = [...kinds];
    const kind = dice.oneOf(left);
    left.splice(left.indexOf(kind), 1);
    return kind;
  };
}

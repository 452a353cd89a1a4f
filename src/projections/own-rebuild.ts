import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import {
  nextGeneration,
  withoutRebuild,
  type Generations,
  type ReadGenerations,
  type Rebuild,
} from '../ports/read-generations.js';
import { RebuildError } from './rebuild-error.js';

/** A rebuild that this process does, as the record of the generations has it. Every call may throw StoreError. */
export interface OwnRebuild {
  readonly rebuild: Rebuild;
  /** @throws RebuildError when the rebuild was ended by another process */
  change: (next: (found: Generations) => Generations) => Promise<void>;
  /** Shows that this process lives, now and then. @throws RebuildError like `change`, and when `signal` aborts before the switch */
  beat: () => Promise<void>;
  /** Waits until the last change holds for every reader and writer. */
  whenKnown: () => Promise<void>;
  /** Takes back what is not finished; leaves it when it is not ours any more. */
  end: () => Promise<void>;
}

export interface OwnRebuildDependencies {
  generations: ReadGenerations;
  clock: Clock;
  ids: Ids;
  signal: AbortSignal;
}

const BEAT_EVERY_MS = 1_000;
/** One whose record stays the same for so long was killed. */
const DEAD_AFTER_MS = 10_000;

/**
 * Begins a rebuild; waits a while where one was killed, to be sure of it.
 * @throws RebuildError when another one is under way
 */
export async function beginRebuild(dependencies: OwnRebuildDependencies): Promise<OwnRebuild> {
  const { generations, clock, ids, signal } = dependencies;
  const found = await whenFree(dependencies);
  const generation = nextGeneration(found);
  const rebuild: Rebuild = { id: ids.uuid(), generation, beat: 0 };
  const begun = await generations.replace(found, {
    ...withoutRebuild(found),
    last: generation,
    rebuild,
  });
  if (begun === undefined) throw another();
  let record = begun;
  let beatAt = clock.monotonic();

  async function change(next: (found: Generations) => Generations): Promise<void> {
    const stored = await generations.replace(record, next(record));
    if (stored === undefined)
      throw new RebuildError(
        'this rebuild was ended by another process: the read models were emptied meanwhile, or this process stood still for long; run it again',
      );
    record = stored;
    beatAt = clock.monotonic();
  }

  async function beat(): Promise<void> {
    // After the switch little is left to do: it is done.
    if (signal.aborted && record.live !== generation)
      throw new RebuildError('interrupted: the read models are those from before');
    if (clock.monotonic() - beatAt >= BEAT_EVERY_MS)
      await change((before) => ({ ...before, rebuild: { ...rebuild, beat: before.revision } }));
  }

  return {
    rebuild,
    change,
    beat,
    async whenKnown() {
      const until = clock.monotonic() + generations.knownAfterMs;
      for (let left = generations.knownAfterMs; left > 0; left = until - clock.monotonic()) {
        await beat();
        await clock.sleep(Math.min(left, BEAT_EVERY_MS));
      }
    },
    async end() {
      await generations.replace(record, withoutRebuild(record));
    },
  };
}

async function whenFree({ generations, clock, signal }: OwnRebuildDependencies): Promise<Generations> {
  const first = await generations.read();
  const deadAt = clock.monotonic() + DEAD_AFTER_MS;
  for (let found = first; ; found = await generations.read()) {
    if (found.rebuild === null || clock.monotonic() >= deadAt) return found;
    if (found.revision !== first.revision || signal.aborted) throw another();
    await clock.sleep(BEAT_EVERY_MS, signal);
  }
}

function another(): RebuildError {
  return new RebuildError('another rebuild of these read models is under way');
}

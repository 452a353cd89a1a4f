import type { SignData } from '../events/fleet-events.js';
import { FLEET_STREAM } from '../events/stream-names.js';
import { fromTimestamp, toTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { mayLive } from './last-signs.js';
import { readSigns, toSignEvent, type SignRecord } from './sign-record.js';

/** Another instance's clock beside that of this machine. Differences are theirs minus ours, milliseconds. */
export interface AskedClock {
  instance: string;
  /** undefined when it has not answered. */
  wallDiffersBy: number | undefined;
  /** undefined also while it does not know the time. */
  agreedDiffersBy: number | undefined;
}

export interface AskClocks {
  /** Asks all instances, and waits for their answers. @throws StoreError */
  ask(): Promise<AskedClock[]>;
  /** Tells all instances that the clock of this machine is right. @throws StoreError */
  confirm(reason: string): Promise<void>;
}

const ANSWERED_WITHIN_MS = 3_000;
const ANSWERS_COME_WITHIN_MS = 800;
const LOOK_EVERY_MS = 50;
const ATTEMPTS = 20;

/** What an operator's tool does in the fleet: it is no instance. */
export function createAskClocks(
  { log, clock, ids }: { log: EventLog; clock: Clock; ids: Ids },
  name: string,
): AskClocks {
  /** @returns its version */
  async function write(type: 'ClockAsked' | 'ClockTrusted', reason: string | null): Promise<number> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const [last] = await log.readStream(FLEET_STREAM, { direction: 'backwards', limit: 1 });
      const seen = last?.version ?? 0;
      const wall_at = toTimestamp(clock.now());
      const data: SignData = {
        instance: name,
        wall_at,
        agreed_at: null,
        seen,
        asks: true,
        settings: {},
        reason,
      };
      const events = [toSignEvent(ids.uuid(), type, data)];
      const [outcome] = await log.append([{ stream: FLEET_STREAM, expectedVersion: seen, events }]);
      if (outcome?.kind === 'appended') return seen + 1;
    }
    throw new Error('the instances write so often that this one has no turn; try again');
  }

  return {
    async ask() {
      const asked = await write('ClockAsked', null);
      const until = clock.monotonic() + ANSWERED_WITHIN_MS;
      for (;;) {
        const living = mayLive(await readSigns(log));
        const now = clock.now();
        const answered = [...living.values()].filter(({ seen }) => seen >= asked);
        if (answered.length === living.size || clock.monotonic() >= until)
          return [...living.values()].map((sign) => toAskedClock(sign, sign.seen >= asked ? now : undefined));
        await clock.sleep(LOOK_EVERY_MS);
      }
    },
    async confirm(reason) {
      // They measure when it was said by the answers that came before it.
      await write('ClockAsked', null);
      await clock.sleep(ANSWERS_COME_WITHIN_MS);
      await write('ClockTrusted', reason);
    },
  };
}

function toAskedClock({ instance, wall_at, agreed_at }: SignRecord, now: number | undefined): AskedClock {
  const differsBy = (at: string | null): number | undefined =>
    at === null || now === undefined ? undefined : fromTimestamp(at) - now;
  return { instance, wallDiffersBy: differsBy(wall_at), agreedDiffersBy: differsBy(agreed_at) };
}

import type { JobConfig } from '../events/job-config.js';
import type { Clock } from '../ports/clock.js';
import type { RecordedEvent } from '../ports/event-log.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { createConfigTrail } from './config-trail.js';
import type { JobHistory } from './job-history.js';

/** An event with the text that is sent for it; the event itself is kept no longer. */
export interface ToldEvent extends Pick<RecordedEvent, 'stream' | 'type' | 'position'> {
  text: string;
}

/** @returns the event; its text is empty where nobody wants it. @throws StoreError */
export type TellEvent = (recorded: RecordedEvent, isWanted: boolean) => Promise<ToldEvent>;

export interface TellingDependencies {
  configAt: JobHistory['configAt'];
  /** Makes the text of an event, also of one that cannot be read. Pure. @param before see `historyEntry` */
  textOf: (recorded: RecordedEvent, before: JobConfig | null | undefined) => string;
  clock: Clock;
}

/** Longer than other work: each wait is for all that waits, so a hundred writers would make a stream lag. */
const SLICE_MS = 8;

/** Tells events in the order of the log. */
export function createTelling({ configAt, textOf, clock }: TellingDependencies): TellEvent {
  const configBefore = createConfigTrail(configAt);
  const nextSlice = inSlices(clock, SLICE_MS);
  return async (recorded, isWanted) => {
    await nextSlice();
    const { stream, type, position } = recorded;
    const before = await configBefore(recorded, isWanted);
    return { stream, type, position, text: isWanted ? textOf(recorded, before) : '' };
  };
}

import type { FleetEventType } from '../events/fleet-events.js';
import { FLEET_STREAM } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Settings } from './settings-watch.js';
import { toSignEvent } from './sign-record.js';
import type { Timekeeper } from './timekeeper.js';

export interface SignWriterDependencies {
  log: EventLog;
  /** The machine's. */
  clock: Clock;
  ids: Ids;
  instance: string;
  settings: Settings;
  time: Pick<Timekeeper, 'clock' | 'isSure'>;
}

/** Writes this instance's signs of life, between those of the others. */
export interface SignWriter {
  /**
   * @param seen the newest version heard
   * @returns false when the others were quicker each time. @throws StoreError
   */
  write(type: FleetEventType, sign: { seen: number; asks: boolean }): Promise<boolean>;
  /** The stream goes at least up to this version. */
  goesTo(version: number): void;
  /** When the append of this sign of ours began, monotonic milliseconds; undefined when it was not of this process. */
  begunAt(id: string): number | undefined;
}

/** Others may append between our look and our append. */
const ATTEMPTS = 10;
/** While the log is down, no sign tells how the attempts before it ended. */
const KEPT_ATTEMPTS = 50;

export function createSignWriter(dependencies: SignWriterDependencies): SignWriter {
  const { log, clock, ids, instance, settings, time } = dependencies;
  /** Of the signs that may be in the stream, by event id. */
  const begun = new Map<string, number>();
  let newest = 0;

  return {
    goesTo(version) {
      newest = Math.max(newest, version);
    },
    begunAt(id) {
      const at = begun.get(id);
      if (at === undefined) return undefined;
      for (const [earlier] of begun) {
        begun.delete(earlier);
        if (earlier === id) break;
      }
      return at;
    },
    async write(type, { seen, asks }) {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const id = ids.uuid();
        const data = {
          instance,
          wall_at: toTimestamp(clock.now()),
          agreed_at: time.isSure() ? toTimestamp(time.clock.now()) : null,
          seen,
          asks,
          settings: { ...settings },
          reason: null,
        };
        begun.set(id, clock.monotonic());
        for (const [oldest] of begun) if (begun.size > KEPT_ATTEMPTS) begun.delete(oldest);
        const events = [toSignEvent(id, type, data)];
        const [outcome] = await log.append([{ stream: FLEET_STREAM, expectedVersion: newest, events }]);
        if (outcome?.kind === 'appended') return true;
        begun.delete(id);
        newest = Math.max(newest, outcome?.version ?? 0);
      }
      return false;
    },
  };
}

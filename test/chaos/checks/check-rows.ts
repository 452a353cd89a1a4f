import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { DifferingRow } from '../../support/compare-read-models.js';

/** Two updates of a row within this time may have been concurrent. */
const MEETING_MS = 1_000;
/** More than a few is no accident. */
const MOST_EXCUSED = 3;

/**
 * Read models equal a fold of the log. A store that finds and writes a row in two steps (FerretDB, the stand-in where
 * MongoDB is unavailable) may keep the older of two concurrent updates; later events are then folded onto it. So such a
 * store is excused a job's row if its version is right and the job was changed twice at nearly the same time.
 */
export function checkRows(
  differing: readonly DifferingRow[],
  events: readonly RecordedEvent[],
  { atomic }: { atomic: boolean },
): Violation[] {
  const { violations, report } = reporting('read models equal a fold of the log');
  const excused = atomic ? [] : differing.filter((row) => mayHaveLostAnUpdate(row, events));
  for (const row of differing) if (excused.length > MOST_EXCUSED || !excused.includes(row)) report(row.text);
  return violations;
}

function mayHaveLostAnUpdate(
  { model, key, sameVersion }: DifferingRow,
  events: readonly RecordedEvent[],
): boolean {
  if (model !== 'jobs' || !sameVersion) return false;
  const times = events
    .filter(({ stream }) => stream === `cronJob-${key}`)
    .map(({ recorded_at }) => Date.parse(recorded_at));
  return times.some((time, index) => index > 0 && time - (times[index - 1] ?? -Infinity) < MEETING_MS);
}

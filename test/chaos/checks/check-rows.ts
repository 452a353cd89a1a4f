import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { DifferingRow } from '../../support/compare-read-models.js';

/** Two instances that write a row within this time may have met in it. */
const MEETING_MS = 1_000;
/** More than a few is no accident. */
const MOST_EXCUSED = 3;

/**
 * Read models equal a fold of the log. A store that finds a row and writes it in two steps (FerretDB, which stands for
 * MongoDB where that cannot be had) may keep the older of two updates that meet; what comes later is then folded on it.
 * So there a row of a job is excused whose version is right and whose job was changed twice at nearly the same time.
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

import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { Nothing } from '../show/nothing.js';
import { duration } from '../show/show-duration.js';
import { skipWords } from './skip-words.js';
import { OUTCOMES, outcomeOf, type Slot } from './slot-outcomes.js';

interface SlotRowProps {
  slot: Slot;
  job: string;
  zone: string;
  graceMs: number;
}

export function SlotRow({ slot: entry, job, zone, graceMs }: SlotRowProps) {
  const { slot, reason, run_id, late_by_ms, decided_at, expected } = entry;
  const outcome = outcomeOf(entry, graceMs);
  const shown = OUTCOMES.find((one) => one.outcome === outcome);
  return (
    <tr class={outcome === 'missing' ? 'bad' : ''}>
      <th scope="row">
        <Instant at={slot} zone={zone} />
      </th>
      <td data-label="Outcome">
        <Badge of={shown?.words ?? outcome} tone={shown?.tone ?? 'quiet'} />
        {late_by_ms !== null && late_by_ms >= 1_000 && (
          <span class="quiet"> {duration(late_by_ms)} after it was due</span>
        )}
        {reason !== null && <span> {skipWords(reason)}</span>}
        {outcome === 'missing' && <span> owed, and never decided</span>}
        {!expected && (
          <div class="quiet">
            The schedule, as it is computed today, has no such slot: time zones have changed.
          </div>
        )}
      </td>
      <td data-label="Decided">
        <Instant at={decided_at} zone={zone} />
      </td>
      <td data-label="Run">
        {run_id === null ? (
          <Nothing />
        ) : (
          <a href={hrefOf(['jobs', job, 'runs', run_id])}>
            Run<span class="hidden"> {run_id}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

import type { Schemas } from '../api/client.js';
import { ScheduleWords } from '../jobs/schedule-words.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { TableHead } from '../show/table-head.js';
import { outcomeOf, type Outcome } from './slot-outcomes.js';
import { SlotRow } from './slot-row.js';
import { slotSections, type Period } from './slot-sections.js';

interface SlotTableProps {
  ledger: Schemas['SlotLedger'];
  job: Schemas['ShownJob'];
  outcome: Outcome | undefined;
}

/** Slots under the schedule that was in force; each change of it stands between them. */
export function SlotTable({ ledger, job, outcome }: SlotTableProps) {
  const { id, time_zone: zone } = job;
  const graceMs = job.misfire_grace_seconds * 1_000;
  const shown = ledger.data.filter((slot) => outcome === undefined || outcomeOf(slot, graceMs) === outcome);
  return (
    <div class="table cards slots">
      <table>
        <caption>
          {shown.length === 0 ? 'No slot to show' : 'The oldest first'}
          {ledger.next_from !== null && '; there are more on the next page'}
        </caption>
        <TableHead titles={['Slot', 'Outcome', 'Decided', 'Run']} />
        {slotSections(ledger.periods, shown).map(({ period, slots }, index) => (
          // Two changes may be of one second.
          <tbody key={index}>
            {period && <PeriodRow period={period} zone={zone} />}
            {slots.map((slot) => (
              <SlotRow
                key={slot.slot}
                slot={slot}
                job={id}
                zone={period?.time_zone ?? zone}
                graceMs={graceMs}
              />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function PeriodRow({ period, zone }: { period: Period; zone: string }) {
  const { after, until, state } = period;
  return (
    <tr class="period">
      <th scope="rowgroup" colSpan={4}>
        <Badge of={state} />{' '}
        {after !== null && (
          <>
            since <Instant at={after} zone={zone} />{' '}
          </>
        )}
        {until !== null && (
          <>
            until <Instant at={until} zone={zone} />{' '}
          </>
        )}
        {state === 'active' ? <ScheduleWords of={period} /> : <span class="quiet">No slots are owed.</span>}
      </th>
    </tr>
  );
}

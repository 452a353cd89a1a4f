import { answerOf, api, type Schemas } from '../api/client.js';
import { serviceTime } from '../api/service-clock.js';
import { SLOWLY_MS, usePolled } from '../api/use-polled.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { loadSlots, type ShownSlots } from '../slots/load-slots.js';
import { OUTCOMES } from '../slots/slot-outcomes.js';
import { SlotRangeLinks } from '../slots/slot-range-links.js';
import { SlotSummary } from '../slots/slot-summary.js';
import { SlotTable } from '../slots/slot-table.js';

/** The slot ledger: each slot of the job in the range of the address, and what became of it. */
export function SlotsTab({ job }: { job: Schemas['ShownJob'] }) {
  const { id } = job;
  const { path, query } = place.value;
  const { from = '', to = '', range = '', page = '' } = query;
  const slots = usePolled(
    `slots ${id} ${from} ${to} ${range} ${page}`,
    (signal): Promise<ShownSlots> =>
      loadSlots({
        query,
        now: serviceTime(Date.now()),
        ask: (asked) =>
          answerOf(
            api.GET('/api/v1/certification-cron/{id}/slots', {
              params: { path: { id }, query: asked },
              signal,
            }),
          ),
      }),
    (event) => event.cron_id === id,
    SLOWLY_MS,
  );
  const outcome = OUTCOMES.find((one) => one.outcome === query.outcome)?.outcome;
  return (
    <LoadState of={slots}>
      {({ ledger, range: shown, name }) => (
        <>
          <h2>What became of each slot</h2>
          <SlotRangeLinks path={path} zone={job.time_zone} range={shown} name={name} />
          <SlotSummary
            slots={ledger.data}
            graceMs={job.misfire_grace_seconds * 1_000}
            path={path}
            query={query}
            outcome={outcome}
          />
          <SlotTable ledger={ledger} job={job} outcome={outcome} />
          <CursorPager next={ledger.next_from} name="page" />
        </>
      )}
    </LoadState>
  );
}

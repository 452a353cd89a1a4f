import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Nothing } from '../show/nothing.js';
import { inZone } from '../show/show-instant.js';
import { latenessWords } from './run-facts.js';

interface RunTriggerProps {
  run: Pick<Schemas['RunInList'], 'cron_id' | 'trigger' | 'slot' | 'late_by_ms' | 'reason'>;
  zone: string;
}

/** Why a run has begun: for a slot, which leads into the ledger, or because somebody asked for it. */
export function RunTrigger({ run: { cron_id, trigger, slot, late_by_ms, reason }, zone }: RunTriggerProps) {
  if (trigger === null) return <Nothing />;
  if (trigger === 'schedule')
    return (
      <>
        Slot {slot !== null && <a href={slotHref(cron_id, slot)}>{inZone(slot, zone).text}</a>}
        {late_by_ms !== null && <span class="quiet">, {latenessWords(late_by_ms)}</span>}
      </>
    );
  return (
    <>
      By hand
      {reason !== null && reason !== '' && <span class="quiet words">: {reason}</span>}
    </>
  );
}

/** The slot alone: ranges have no end of their own. */
function slotHref(cronId: string, slot: string): string {
  const to = new Date(Date.parse(slot) + 1_000).toISOString().replace('.000Z', 'Z');
  return hrefOf(['jobs', cronId, 'slots'], { from: slot, to });
}

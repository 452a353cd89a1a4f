import { verifyLog } from '../../../src/ledger/verify-log.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { SLOT_ENGINE_VERSION } from '../../../src/schedule/slots.js';
import { tzdataVersion } from '../../../src/adapters/system/tzdata-version.js';
import { reporting, type Violation } from './violation.js';

/** What `verify` says about the same log: it must see what the other checkers see. */
export async function checkVerify(log: EventLog, until: number): Promise<Violation[]> {
  const { violations, report } = reporting('verify finds nothing');
  const { slots_waiting, runs_overdue, events_unknown } = await verifyLog(log, {
    today: { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: tzdataVersion },
    now: until,
    onFinding: ({ kind, stream, version, text }) => {
      report(`${kind} at version ${String(version)}: ${text}`, stream?.replace(/^cronJob-/, ''));
    },
    onProgress: () => undefined,
  });
  if (slots_waiting > 0) report(`${slots_waiting} slots wait`);
  if (runs_overdue > 0) report(`${runs_overdue} runs are overdue`);
  if (events_unknown > 0) report(`${events_unknown} events are of unknown types`);
  return violations;
}

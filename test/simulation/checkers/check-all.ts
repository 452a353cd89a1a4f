import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { differingRows } from '../../support/compare-read-models.js';
import type { World } from '../world.js';
import { checkCommands } from './check-commands.js';
import { checkDueReminders } from './check-due-reminders.js';
import { checkEffects } from './check-effects.js';
import { checkReasons } from './check-reasons.js';
import { checkReminders } from './check-reminders.js';
import { checkRunRows } from './check-run-rows.js';
import { checkRuns } from './check-runs.js';
import { checkSlots } from './check-slots.js';
import { checkTrueTimes } from './check-true-times.js';
import { checkVerify } from './check-verify.js';
import { checkTerms } from './check-terms.js';
import type { Violation } from './violation.js';

const TOLD = 5;
const LINES = 25;

/**
 * Checks the whole history against the promises. The checkers know the promises and the log, and nothing of the code
 * that wrote it.
 * @param range everything that came due in it must be settled, epoch milliseconds
 * @returns the violations, the first ones with the story of what led to them
 */
export async function checkAll(
  world: World,
  events: readonly RecordedEvent[],
  range: { from: number; until: number },
): Promise<string[]> {
  const { history, store, log, errors } = world;
  const violations: Violation[] = [
    ...errors.map((error) => ({
      promise: 'no unexpected error',
      text: error instanceof Error ? (error.stack ?? error.message) : String(error),
      cronId: undefined,
      at: undefined,
    })),
    ...checkSlots(events, range),
    ...checkRuns(events),
    ...(world.scenario.kind === 'clocks' ? checkTrueTimes(events) : []),
    ...checkTerms(events, history),
    ...checkReasons(events),
    ...checkCommands(events, history),
    ...checkEffects(events, history),
    ...checkReminders(events, history.registry),
    ...checkDueReminders(events, history),
    ...(await checkVerify(log, range.until)),
    ...(await checkRunRows(events, store)),
    ...(await differingRows(log, store)).map(({ text }) => ({
      promise: 'read models equal a fold of the log',
      text,
      cronId: undefined,
      at: undefined,
    })),
  ];
  return violations.map((violation, index) =>
    index < TOLD ? tell(world, events, violation) : `${violation.promise}: ${violation.text}`,
  );
}

function tell(
  { story }: World,
  events: readonly RecordedEvent[],
  { promise, text, cronId, at }: Violation,
): string {
  const until = at ?? Infinity;
  const own = events
    .filter(
      ({ stream, recorded_at }) => stream === `cronJob-${cronId ?? ''}` && Date.parse(recorded_at) <= until,
    )
    .slice(-LINES)
    .map(({ recorded_at, version, type, data }) => ({
      at: Date.parse(recorded_at),
      text: `log: ${version} ${type} ${JSON.stringify(data)}`,
    }));
  const told = story.last(LINES, until, cronId).map(({ at, who, what }) => ({ at, text: `${who}: ${what}` }));
  const lines = [...own, ...told]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `    ${new Date(at).toISOString()} ${text}`);
  return [`${promise}: ${text}`, ...lines].join('\n');
}

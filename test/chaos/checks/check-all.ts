import { checkReasons } from '../../simulation/checkers/check-reasons.js';
import { checkReminders } from '../../simulation/checkers/check-reminders.js';
import { checkRuns } from '../../simulation/checkers/check-runs.js';
import { checkVerify } from '../../simulation/checkers/check-verify.js';
import type { Violation } from '../../simulation/checkers/violation.js';
import { readWholeLog } from '../../support/read-whole-log.js';
import type { ChaosWorld } from '../chaos-world.js';
import type { FollowedLog } from '../follow-log.js';
import type { Sent } from '../round-robin.js';
import type { Settled } from '../settle.js';
import { checkAcknowledged } from './check-acknowledged.js';
import { checkLives } from './check-lives.js';
import { checkRows } from './check-rows.js';
import { checkSecondSlots } from './check-second-slots.js';
import { checkTerms } from './check-terms.js';
import { checkTopic } from './check-topic.js';

export interface Checked {
  counts: Record<'slots' | 'runs' | 'reminders' | 'events' | 'terms' | 'stale' | 'repeated', number>;
  violations: Violation[];
}

/** Checks the whole history against the promises. */
export async function checkAll(happened: {
  world: ChaosWorld;
  followed: FollowedLog;
  settled: Settled;
  sent: readonly Sent[];
}): Promise<Checked> {
  const { world, followed, settled, sent } = happened;
  const { adapters, fleet } = world;
  const events = await readWholeLog(adapters.log, ['cronJob-', 'certificationReminder-']);
  const ofType = (type: string) => events.filter((event) => event.type === type);
  const [runs, reminders] = [ofType('RunStarted'), ofType('ReminderRequested')];
  const { messages } = settled;
  const topics =
    messages === undefined
      ? []
      : [
          checkTopic('events', events, messages.events),
          checkTopic('runs', runs, messages.runs),
          checkTopic('reminders', reminders, messages.reminders),
        ];
  const slots = checkSecondSlots(events);
  const terms = checkTerms(followed.seen.map(({ event }) => event));
  const violations: Violation[] = [
    ...settled.unsettled.map((text) => violation('everything comes to its end', text)),
    ...checkRows(settled.rows, events, { atomic: world.comparesWhileWriting }),
    ...checkLives(fleet.lives, world.appendsTimeOut ? world.outages : []),
    ...slots.violations,
    ...checkRuns(events),
    ...checkReasons(events),
    ...checkReminders(events),
    ...checkAcknowledged(events, sent),
    ...terms.violations,
    ...(await checkVerify(adapters.log, Date.now())),
    ...topics.flatMap(({ violations }) => violations),
  ];
  return {
    counts: {
      slots: slots.slots,
      runs: runs.length,
      reminders: reminders.length,
      events: events.length,
      terms: terms.terms,
      stale: terms.stale,
      repeated: topics.reduce((sum, { repeated }) => sum + repeated, 0),
    },
    violations,
  };
}

const violation = (promise: string, text: string): Violation => ({
  promise,
  text,
  cronId: undefined,
  at: undefined,
});

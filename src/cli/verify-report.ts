import { cronIdOf, JOB_STREAM_PREFIX } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import { headText, type LogHead } from '../ledger/log-head.js';
import type { Finding, Verification } from '../ledger/verify-log.js';

/** What `verify` was asked, and what it found. */
export interface VerifyReport {
  verification: Verification;
  against: LogHead | undefined;
  seconds: number;
}

/** A finding as a line of text. */
export function findingLine({ kind, stream, version, text }: Finding): string {
  if (stream === null) return `${kind.padEnd(9)} ${text}\n`;
  const where = stream.startsWith(JOB_STREAM_PREFIX) ? cronIdOf(stream) : stream;
  return `${kind.padEnd(9)} ${where} version ${version}: ${text}\n`;
}

/** Everything but the findings as lines of text, the verdict last. */
export function reportLines({ verification, against, seconds }: VerifyReport): string {
  const { events, jobs, started, skipped, reminders, uncounted, resets, found, waiting, overdue, head } =
    verification;
  const lines = [
    `events ${events}, jobs ${jobs}, slots started ${started}, slots skipped ${skipped}, reminders ${reminders} (${seconds.toFixed(1)} s)`,
    `gaps ${found.gap}, doubles ${found.double}, other broken promises ${found.broken}`,
  ];
  if (found.explained > 0)
    lines.push(
      `outcomes that would be others today, because the slots are computed differently: ${found.explained}`,
    );
  if (uncounted > 0)
    lines.push(
      `reminders that no result counts, as their run is open, failed, was timed out or repeated, or is performed elsewhere: ${uncounted}`,
    );
  if (resets > 0) lines.push(`watermarks set back, because a clock had run ahead: ${resets}`);
  if (waiting.oldest !== undefined)
    lines.push(
      `slots that have come and are not settled yet: ${waiting.slots}, the oldest is ${toTimestamp(waiting.oldest)}`,
    );
  if (overdue > 0) lines.push(`runs that are open past their deadline, to be timed out: ${overdue}`);
  lines.push(`head: ${headText(head)}`, verdictOf(verification, against));
  return `${lines.join('\n')}\n`;
}

/** The same as one JSON document. */
export function reportDocument(
  { verification, against, seconds }: VerifyReport,
  findings: readonly Finding[],
): string {
  const {
    proved,
    events,
    jobs,
    started,
    skipped,
    reminders,
    uncounted,
    resets,
    found,
    waiting,
    overdue,
    head,
  } = verification;
  const all = Object.values(found).reduce((sum, count) => sum + count, 0);
  const document = {
    proved,
    verdict: verdictOf(verification, against),
    events,
    jobs,
    slots_started: started,
    slots_skipped: skipped,
    slots_waiting: waiting.slots,
    oldest_waiting: waiting.oldest === undefined ? null : toTimestamp(waiting.oldest),
    reminders,
    reminders_uncounted: uncounted,
    watermark_resets: resets,
    runs_overdue: overdue,
    found,
    findings,
    findings_left_out: all - findings.length,
    head: headText(head),
    against: against === undefined ? null : headText(against),
    seconds,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** In a sentence: what is proved, or what is not; and what cannot be, without an earlier head. */
function verdictOf({ proved, found }: Verification, against: LogHead | undefined): string {
  if (!proved) {
    const faults = [
      counted(found.gap, 'gap'),
      counted(found.double, 'double'),
      counted(found.broken, 'other broken promise'),
      found.head > 0 ? ['the log does not hold what the given head names'] : [],
    ];
    return `NOT proved: ${faults.flat().join(', ')}`;
  }
  const promises =
    'every owed slot has exactly one outcome, the runs are as promised, and the reminders that they count are in the log';
  const end =
    against === undefined
      ? 'not proved without --against: that no events are missing at the end'
      : `the log holds all ${against.count} events of the given head`;
  return `proved: ${promises}; ${end}`;
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
}

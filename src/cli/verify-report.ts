import { cronIdOf, JOB_STREAM_PREFIX } from '../events/stream-names.js';
import { headText, type LogHead } from '../ledger/log-head.js';
import type { Finding, Verification } from '../ledger/verify-log.js';

/** What `verify` was asked, and what it found. */
export interface VerifyReport {
  verification: Verification;
  against: LogHead | undefined;
  /** The manifest of an export that was given in place of a head. */
  manifest?: { path: string; events: number } | undefined;
  seconds: number;
}

/** A finding as a line of text. */
export function findingLine({ kind, stream, version, text }: Finding): string {
  if (stream === null) return `${kind.padEnd(9)} ${text}\n`;
  const where = stream.startsWith(JOB_STREAM_PREFIX) ? cronIdOf(stream) : stream;
  return `${kind.padEnd(9)} ${where} version ${version}: ${text}\n`;
}

/** Everything but the findings as lines of text, the verdict last. */
export function reportLines(report: VerifyReport): string {
  const { seconds, verification: all } = report;
  const { found } = all;
  const uncounted =
    'reminders that no result counts, as their run is open, failed, was timed out or repeated, or is performed elsewhere';
  const others: [what: string, count: number, more?: string][] = [
    ['outcomes that would be others today, because the slots are computed differently', found.explained],
    ['events of types that this version does not know, as a newer one may have written', all.events_unknown],
    [uncounted, all.reminders_uncounted],
    ['watermarks set back, because a clock had run ahead', all.watermark_resets],
    [
      'slots that have come and are not settled yet',
      all.slots_waiting,
      `, the oldest is ${all.oldest_waiting}`,
    ],
    ['runs that are open past their deadline, to be timed out', all.runs_overdue],
  ];
  const lines = [
    `events ${all.events}, jobs ${all.jobs}, slots started ${all.slots_started}, slots skipped ${all.slots_skipped}, reminders ${all.reminders} (${seconds.toFixed(1)} s)`,
    `gaps ${found.gap}, doubles ${found.double}, other broken promises ${found.broken}`,
    ...others.filter(([, count]) => count > 0).map(([what, count, more = '']) => `${what}: ${count}${more}`),
    `head: ${headText(all.head)}`,
    verdictOf(report),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as one JSON document: the fields of the verification under their own names, and what the text says besides. */
export function reportDocument(report: VerifyReport, findings: readonly Finding[]): string {
  const { verification, against, manifest, seconds } = report;
  const count = Object.values(verification.found).reduce((sum, of) => sum + of, 0);
  const document = {
    verdict: verdictOf(report),
    ...verification,
    findings,
    findings_left_out: count - findings.length,
    head: headText(verification.head),
    against: against === undefined ? (manifest?.path ?? null) : headText(against),
    seconds,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** In a sentence: what is proved, or what is not; and what cannot be, without an earlier head. */
function verdictOf(report: VerifyReport): string {
  const { verification, manifest } = report;
  const { proved, found, slots_waiting: waiting, events_unknown: unknown } = verification;
  if (!proved) {
    const faults = [
      counted(found.gap, 'gap'),
      counted(found.double, 'double'),
      counted(found.broken, 'other broken promise'),
      found.head > 0
        ? [`the log does not hold what the given ${manifest === undefined ? 'head' : 'manifest'} names`]
        : [],
    ];
    return `NOT proved: ${faults.flat().join(', ')}`;
  }
  const slots = waiting === 0 ? 'owed' : 'settled';
  const parts = [
    `proved: every ${slots} slot has exactly one outcome, the runs are as promised, and the reminders that they count are in the log`,
    ...counted(waiting, 'slot').map((some) =>
      waiting === 1 ? `${some} waits for its outcome` : `${some} wait for their outcome`,
    ),
    ...counted(unknown, 'event').map(
      (some) => `not proved: ${some} of types that this version does not know`,
    ),
    heldText(report),
  ];
  return parts.join('; ');
}

function heldText({ against, manifest }: VerifyReport): string {
  if (manifest !== undefined)
    return `the log holds all ${manifest.events} events of the given manifest; those after them, or not in it, may be missing`;
  if (against !== undefined) return `the log holds all ${against.count} events of the given head`;
  return 'not proved without --against: that no events are missing at the end';
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
}

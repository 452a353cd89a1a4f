import type { Config } from '../config/config.js';
import { cronIdOf, JOB_STREAM_PREFIX } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import { verifyLog, type Finding, type Verification } from '../ledger/verify-log.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';

const PROGRESS_EVERY = 100_000;

/**
 * `verify`: findings and totals on standard output, progress on standard error. The service may be running.
 * @returns the exit code: 0 when everything is proved, 1 when there are gaps, doubles or other broken promises
 */
export async function verifyCommand(config: Config): Promise<number> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const { clock, tzdataVersion } = system;
  const log = await openExistingLog(config, system);
  let told = 0;
  try {
    const started = clock.monotonic();
    const verification = await verifyLog(log, {
      today: slotVersionsWith(tzdataVersion),
      now: clock.now(),
      onFinding: (finding) => process.stdout.write(findingLine(finding)),
      onProgress(events) {
        if (events - told < PROGRESS_EVERY) return;
        told = events;
        process.stderr.write(`${events} events\n`);
      },
    });
    process.stdout.write(summary(verification, (clock.monotonic() - started) / 1000));
    const { gap, double, broken } = verification.found;
    return gap + double + broken === 0 ? 0 : 1;
  } finally {
    await log.close();
  }
}

function findingLine({ kind, stream, version, text }: Finding): string {
  const where = stream.startsWith(JOB_STREAM_PREFIX) ? cronIdOf(stream) : stream;
  return `${kind.padEnd(9)} ${where} version ${version}: ${text}\n`;
}

function summary(
  { events, jobs, started, skipped, reminders, resets, found, waiting, overdue }: Verification,
  seconds: number,
): string {
  const lines = [
    `events ${events}, jobs ${jobs}, slots started ${started}, slots skipped ${skipped}, reminders ${reminders} (${seconds.toFixed(1)} s)`,
    `gaps ${found.gap}, doubles ${found.double}, other broken promises ${found.broken}`,
  ];
  if (found.explained > 0)
    lines.push(
      `outcomes that would be others today, because the slots are computed differently: ${found.explained}`,
    );
  if (resets > 0) lines.push(`watermarks set back, because a clock had run ahead: ${resets}`);
  if (waiting.oldest !== undefined)
    lines.push(
      `slots that have come and are not settled yet: ${waiting.slots}, the oldest is ${toTimestamp(waiting.oldest)}`,
    );
  if (overdue > 0) lines.push(`runs that are open past their deadline, to be timed out: ${overdue}`);
  return `${lines.join('\n')}\n`;
}

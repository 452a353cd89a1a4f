import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { Life } from '../instance.js';
import { mayFail, type Outage } from '../outage.js';

/**
 * The promise: no process exits on its own, SIGTERM ends it cleanly, and none logs an error, but for the one that an
 * outage of the log, or of the process itself, gives rise to.
 */
export function checkLives(lives: readonly Life[], outages: readonly Outage[]): Violation[] {
  const { violations, report } = reporting('processes end only when they are told to, and meet no error');
  for (const { name, asked, exit, errors, stderr } of lives) {
    for (const line of errors) if (!isOfOutage(line, outages)) report(`${name}: ${line}`);
    const said = stderr.length === 0 ? '' : `; stderr: ${stderr.join(' | ')}`;
    const code = exit === undefined ? 'it runs' : (exit.signal ?? exit.code);
    if (asked === undefined) report(`${name} was not told to end: ${code}${said}`);
    else if (code !== (asked === 'SIGKILL' ? 'SIGKILL' : 0))
      report(`${name} ended with ${code} after ${asked}${said}`);
  }
  return violations;
}

/** The log has true times: only the clock that the service decides by is off. */
function isOfOutage(line: string, outages: readonly Outage[]): boolean {
  const { msg, err, time } = JSON.parse(line);
  if (msg !== 'recording slots failed; retrying until it succeeds' || err?.code !== 'store_unavailable')
    return false;
  return mayFail(Date.parse(time), outages);
}

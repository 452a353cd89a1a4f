import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { Life } from '../instance.js';

/** The promise: no process exits on its own, SIGTERM ends it cleanly, and none logs an error. */
export function checkLives(lives: readonly Life[]): Violation[] {
  const { violations, report } = reporting('processes end only when they are told to, and meet no error');
  for (const { name, asked, exit, errors, stderr } of lives) {
    for (const line of errors) report(`${name}: ${line}`);
    const said = stderr.length === 0 ? '' : `; stderr: ${stderr.join(' | ')}`;
    const code = exit === undefined ? 'it runs' : (exit.signal ?? exit.code);
    if (asked === undefined) report(`${name} was not told to end: ${code}${said}`);
    else if (code !== (asked === 'SIGKILL' ? 'SIGKILL' : 0))
      report(`${name} ended with ${code} after ${asked}${said}`);
  }
  return violations;
}

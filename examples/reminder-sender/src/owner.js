import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this process in the journal. */
export const OWNER = JSON.stringify([hostname(), process.pid, randomUUID()]);

/**
 * Whether a process is known to have ended: it was on this host, and none has its number, or this one has. When in
 * doubt, no.
 * @param {string} owner
 */
export function hasEnded(owner) {
  if (owner === OWNER) return false;
  const [host, pid] = /** @type {[string, number]} */ (JSON.parse(owner));
  if (host !== hostname()) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

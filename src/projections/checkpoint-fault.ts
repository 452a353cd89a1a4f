import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Checkpoint } from '../ports/read-store.js';

/** Why the models behind a checkpoint do not belong to these projections and this log; undefined when they do. */
export async function checkpointFault(
  { position, event, projection_version }: Checkpoint,
  version: number,
  log: EventLog,
): Promise<string | undefined> {
  if (projection_version !== version) return 'the projections have changed';
  if (position > (await log.head())) return 'the log ends before the checkpoint: it was restored or replaced';
  if (event !== null && (await log.eventIdAt(event.position)) !== event.id) return 'the log is another one';
  return undefined;
}

/**
 * Where to resume. After the last projected event only events that do not match were seen, of this log or, if it was
 * restored or replaced, of another one: those are read again.
 */
export function provenPosition({ event }: Checkpoint): Position {
  return event?.position ?? START;
}

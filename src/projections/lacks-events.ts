import { createFollower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { checkpointFault } from './checkpoint-fault.js';
import type { ProjectionGroup } from './projection.js';

/**
 * Whether the models of a group lack something that is in the log, though perhaps no service runs that would project it:
 * then a checkpoint before the end of the log says nothing, since other events may have followed.
 * @throws StoreError
 */
export async function lacksEvents(
  { name, version, prefixes }: ProjectionGroup,
  {
    log,
    store,
    clock,
    logger,
  }: { log: EventLog; store: Pick<ReadStore, 'readCheckpoint'>; clock: Clock; logger: Logger },
): Promise<boolean> {
  const checkpoint = await store.readCheckpoint(name);
  if (checkpoint !== undefined && (await checkpointFault(checkpoint, version, log)) !== undefined)
    return true;
  const over = new AbortController();
  let isLacking = false;
  const follower = createFollower({
    log,
    clock,
    logger,
    prefixes,
    pauses: { firstMs: 200, longestMs: 200 },
    faultText: 'following the event log failed; retrying',
    isFatal: () => true,
    resume: () =>
      Promise.resolve({
        from: checkpoint?.position ?? START,
        take(batch) {
          isLacking ||= batch.events.length > 0;
          if (isLacking || batch.caughtUp) over.abort(NO_REASON);
          return Promise.resolve();
        },
      }),
  });
  await follower.run(over.signal);
  return isLacking;
}

import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { inTime } from '../waiting/in-time.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import { createAlarm } from '../waiting/alarm.js';
import { createLeaseFollower } from './lease-follower.js';
import { leaderState, type LeaderState } from './leader-state.js';
import { createLease } from './lease.js';
import type { HeldTerm, Term } from './term.js';

export interface Leadership {
  /**
   * Stands for election until `signal` aborts. Calls `lead` in each term: it must end soon after its term is over, and
   * no other term begins before it has. When it fails, or ends on its own, another instance may try. Releases the lease
   * at the end, so that others need not wait.
   */
  run(lead: Lead, signal: AbortSignal): Promise<void>;
  /** What this process knows of it. */
  state: () => LeaderState;
}

export type Lead = (term: Term) => Promise<void>;

export interface LeadershipOptions {
  log: EventLog;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The lease is in this stream, and nothing else. */
  stream: string;
  /** The name of this process: one that no other has, has had or will have. */
  instance: string;
  /** Lease duration: how long others wait for the holder to renew, milliseconds. */
  leaseMs: number;
}

const HOLD_PART = 2 / 3;
const RENEW_PART = 1 / 3;
/** Pause before a retry. */
const RETRY_PART = 1 / 15;
/** A hung log must not block a stop: the lease then expires. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Elects one of many by a lease in the event log. As in Kubernetes' client-go (tools/leaderelection), a candidate takes
 * it only after it has itself observed the same record unchanged for the duration of the lease: clocks are never
 * compared. It does not promise a single leader at any time, as nothing could (a process may be paused between its last
 * check and its action): correctness rests on the versions of streams. A leader only saves the others the work.
 */
export function createLeadership(options: LeadershipOptions): Leadership {
  const { log, clock, ids, logger, stream, instance, leaseMs } = options;
  const alarm = createAlarm(clock);
  const lease = createLease({
    log,
    clock,
    ids,
    stream,
    instance,
    leaseMs,
    holdMs: leaseMs * HOLD_PART,
    onNews: alarm.ring,
  });
  const retryMs = leaseMs * RETRY_PART;
  const failing = new Set<string>();
  let current: HeldTerm | undefined;

  /** Logs a failure once, until the next success. @returns undefined after a failure */
  async function trying<T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await attempt();
      failing.delete(what);
      return done;
    } catch (error) {
      if (!failing.has(what)) logger[mayPass(error) ? 'warn' : 'error']({ err: error, instance }, what);
      failing.add(what);
      return undefined;
    }
  }

  /** Renews until the duties have ended, also while they are ending; stops once the term is lost. */
  async function keepRenewing(term: HeldTerm, ended: AbortSignal): Promise<void> {
    let notBefore = 0;
    while (!ended.aborted && term.lostBecause() === undefined) {
      const renewAt = term.endsAt() - leaseMs * (HOLD_PART - RENEW_PART);
      const wait = Math.max(renewAt, notBefore) - clock.monotonic();
      if (wait > 0) await alarm.sleep(wait);
      else {
        notBefore = clock.monotonic() + retryMs;
        const renewing = trying('renewing the lease failed; retrying while it lasts', () =>
          lease.renew(term),
        );
        // A hung call does not block the next one: the first one written counts.
        await Promise.race([renewing, alarm.sleep(retryMs)]);
      }
    }
  }

  /** Code that acts checks the clock itself; this wakes code that only waits. */
  async function endInTime(term: HeldTerm): Promise<void> {
    while (term.isHeld()) await alarm.sleep(term.endsAt() - clock.monotonic());
    alarm.ring();
  }

  async function leadFor(term: HeldTerm, lead: Lead): Promise<void> {
    logger.info({ instance, term: term.number }, 'leadership acquired');
    const ended = new AbortController();
    const leading = lead(term).finally(() => {
      term.resign();
      ended.abort();
      alarm.ring();
    });
    // Each record says everything, so the old ones are not kept.
    void trying('limiting the stream of the lease failed; it grows', () => log.setMaxCount(stream, 1));
    try {
      await Promise.all([leading, keepRenewing(term, ended.signal), endInTime(term)]);
    } catch (error) {
      logger.error({ err: error, instance, term: term.number }, 'leading failed; another instance may try');
    } finally {
      const reason = term.lostBecause();
      if (reason !== undefined) logger.warn({ instance, term: term.number, reason }, 'leadership lost');
    }
  }

  async function release(term: HeldTerm): Promise<void> {
    const releasing = trying('releasing the lease failed; it will expire', () => lease.release(term));
    await inTime(clock, ANSWER_WITHIN_MS, releasing);
    if (lease.seen()?.record?.type === 'LeaseReleased')
      logger.info({ instance, term: term.number }, 'lease released');
  }

  async function standForElection(lead: Lead, signal: AbortSignal): Promise<void> {
    const wait = lease.msUntilFree();
    if (wait > 0) return alarm.sleep(wait);
    const term = await trying('taking the lease failed; retrying', () => lease.take());
    // The alarm may have rung meanwhile.
    if (term === undefined) return signal.aborted ? undefined : alarm.sleep(retryMs);
    current = term;
    const resign = (): void => {
      term.resign();
      alarm.ring();
    };
    signal.addEventListener('abort', resign);
    if (signal.aborted) resign();
    await leadFor(term, lead);
    signal.removeEventListener('abort', resign);
    const isLost = term.lostBecause() !== undefined;
    if (!isLost || signal.aborted) await release(term);
    // Others first; and never without a pause.
    if (!signal.aborted) await clock.sleep(isLost ? retryMs : leaseMs, signal);
  }

  return {
    state: () =>
      leaderState({
        instance,
        seen: lease.seen(),
        changes: lease.changes(),
        leading: current?.isHeld() ?? false,
        now: clock.monotonic(),
      }),
    async run(lead, signal) {
      const over = new AbortController();
      const follower = createLeaseFollower({ log, clock, logger, stream, onRecord: lease.observe });
      const following = follower.run(over.signal);
      signal.addEventListener('abort', alarm.ring);
      try {
        while (!signal.aborted) await standForElection(lead, signal);
      } finally {
        signal.removeEventListener('abort', alarm.ring);
        over.abort();
        await inTime(clock, ANSWER_WITHIN_MS, following);
      }
    },
  };
}

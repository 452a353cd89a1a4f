import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createLeadership, type Leadership } from '../../../src/leadership/leadership.js';
import { TermOverError, type Term } from '../../../src/leadership/term.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const STREAM = 'lease-test';
const LEASE_MS = 6_000;
const HOLD_MS = 4_000;
const HANGS_FOR_MS = 20_000;

interface Options {
  lingering?: number;
  leaseMs?: number;
  /** Whether it cannot do what a leader does. */
  fails?: () => boolean;
  headHangs?: boolean;
}

interface Candidate {
  leadership: Leadership;
  logged: LogLine[];
  /** The terms it has begun. */
  terms: Term[];
  /** Its access to the log, to be taken away. */
  network: { down: boolean; answersLost: boolean; hangs: boolean; headHangs: boolean };
  /** Asks it to stop. */
  leave(): void;
  hasStopped(): boolean;
  stop(): Promise<void>;
}

let clock: VirtualClock;
let log: EventLog;
let candidates: Candidate[];

/** Leads by doing nothing, until its term is over and `lingering` milliseconds more. */
function stand(instance: string, options: Options = {}): Candidate {
  const { lingering = 0, leaseMs = LEASE_MS, fails = () => false, headHangs = false } = options;
  const network = { down: false, answersLost: false, hangs: false, headHangs };
  const own = behind(network);
  const logger = createCollectingLogger();
  const leadership = createLeadership({
    log: own,
    clock,
    ids: createSeededIds(candidates.length + 1),
    logger,
    stream: STREAM,
    instance,
    leaseMs,
  });
  const stopping = new AbortController();
  const terms: Term[] = [];
  let hasStopped = false;
  const running = leadership.run(async (term) => {
    terms.push(term);
    if (fails()) throw new Error('cannot lead');
    await clock.sleep(Infinity, term.signal);
    await clock.sleep(lingering);
  }, stopping.signal);
  void running.finally(() => (hasStopped = true));
  const candidate: Candidate = {
    leadership,
    terms,
    network,
    logged: logger.lines,
    hasStopped: () => hasStopped,
    leave: () => {
      stopping.abort();
    },
    async stop() {
      stopping.abort();
      await clock.advance(30_000);
      await running;
    },
  };
  candidates.push(candidate);
  return candidate;
}

function behind(network: Candidate['network']): EventLog {
  const fail = (): never => {
    throw new StoreError('store_unavailable', 'down');
  };
  return {
    ...log,
    async append(writes) {
      if (network.down) fail();
      if (network.hangs) await clock.sleep(HANGS_FOR_MS);
      if (network.down) fail();
      const outcomes = await log.append(writes);
      return network.answersLost ? fail() : outcomes;
    },
    readStream: async (...read) => (network.down ? fail() : log.readStream(...read)),
    async head() {
      if (network.headHangs) await clock.sleep(HANGS_FOR_MS);
      return network.down ? fail() : log.head();
    },
    setMaxCount: async (...limit) => (network.down ? fail() : log.setMaxCount(...limit)),
    async *subscribe(options) {
      for await (const batch of log.subscribe(options)) {
        if (network.down) fail();
        yield batch;
      }
    },
  };
}

const leaders = (): string[] =>
  candidates
    .map(({ leadership }) => leadership.state())
    .flatMap((state) => (state.leading ? [state.instance] : []));
const reasons = ({ logged }: Candidate): unknown[] =>
  logged
    .filter(({ message }) => message === 'leadership lost')
    .map(({ fields }) => (fields as { reason: string }).reason);

beforeEach(() => {
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  log = openSqliteEventLog({ clock, ids: createSeededIds(99), path: ':memory:' });
  candidates = [];
});

afterEach(async () => {
  for (const candidate of candidates) await candidate.stop();
  await log.close();
});

describe('leadership', () => {
  it('is taken at once when nobody has ever had it, by one of many', async () => {
    for (const name of ['a', 'b', 'c', 'd']) stand(name);
    await clock.advance(10);
    expect(leaders()).toHaveLength(1);
    expect(candidates.flatMap(({ terms }) => terms.map(({ number }) => number))).toEqual([1]);
    const states = candidates.map(({ leadership }) => leadership.state());
    expect(
      new Set(states.map(({ holder, term, since, status }) => [holder, term, since, status].join())),
    ).toEqual(new Set([`${leaders()[0]},1,2026-03-26T10:00:00.000Z,held`]));
  });

  it('stays where it is, as long as it is renewed', async () => {
    const [leader, other] = [stand('a'), stand('b')];
    await clock.advance(600_000);
    expect([leader.terms.length, other.terms.length]).toEqual([1, 0]);
    expect(reasons(leader)).toEqual([]);
    const kept = await log.readStream(STREAM, { direction: 'forwards', limit: 100 });
    expect(kept.map(({ type, metadata }) => [type, metadata.term])).toEqual([['LeaseRenewed', 1]]);
    expect(kept[0]?.version).toBeGreaterThan(100);
  });

  it('goes over at once when it is released', async () => {
    const leader = stand('a');
    await clock.advance(10);
    const other = stand('b');
    await clock.advance(1_000);
    leader.leave();
    await clock.advance(0);
    expect(leaders()).toEqual(['b']);
    expect(other.terms.map(({ number }) => number)).toEqual([2]);
    expect(other.leadership.state().changes).toBe(1);
  });

  it('is released only when the leader has ended what it did', async () => {
    const leader = stand('a', { lingering: 5_000 });
    await clock.advance(10);
    stand('b');
    leader.leave();
    await clock.advance(4_900);
    expect(leaders()).toEqual([]);
    await clock.advance(200);
    expect(leaders()).toEqual(['b']);
  });

  it('is taken over after the lease, counted from when the last sign was seen', async () => {
    const leader = stand('a');
    await clock.advance(10);
    stand('b');
    await clock.advance(LEASE_MS / 2);
    leader.network.down = true;
    // The last renewal was at two seconds.
    await clock.advance(2_000 + LEASE_MS - LEASE_MS / 2 - 100);
    expect(leaders()).toEqual([]);
    await clock.advance(200);
    expect(leaders()).toEqual(['b']);
  });

  it('has ended before another one may take it: the leader that cannot renew stops, and says why', async () => {
    const leader = stand('a');
    await clock.advance(10);
    leader.network.down = true;
    await clock.advance(HOLD_MS - 100);
    expect(leaders()).toEqual(['a']);
    leader.terms[0]?.assertHeld();
    await clock.advance(200);
    expect(leaders()).toEqual([]);
    expect(() => leader.terms[0]?.assertHeld()).toThrow(TermOverError);
    expect(reasons(leader)).toEqual(['the lease could not be renewed in time']);
  });

  it('has ended for a process that was stopped, before any timer of it runs', async () => {
    const leader = stand('a');
    await clock.advance(10);
    clock.skipTo('2026-03-26T10:00:30.000Z');
    expect(() => leader.terms[0]?.assertHeld()).toThrow('could not be renewed in time');
    expect(leader.leadership.state().leading).toBe(false);
  });

  it('comes back to the one that had it, in a new term, when nobody else has taken it', async () => {
    const leader = stand('a');
    await clock.advance(10);
    leader.network.down = true;
    await clock.advance(60_000);
    expect(leaders()).toEqual([]);
    leader.network.down = false;
    await clock.advance(LEASE_MS);
    expect(leader.terms.map(({ number }) => number)).toEqual([1, 2]);
    expect(leaders()).toEqual(['a']);
  });

  it('survives answers that are lost: what was written is found, and counts', async () => {
    const leader = stand('a');
    stand('b');
    await clock.advance(10);
    leader.network.answersLost = true;
    await clock.advance(60_000);
    expect(leaders()).toEqual(['a']);
    expect(leader.terms).toHaveLength(1);
  });

  it('is won in the end when the answers to taking it are lost', async () => {
    const candidate = stand('a');
    candidate.network.answersLost = true;
    await clock.advance(3_000);
    expect(leaders()).toEqual([]);
    candidate.network.answersLost = false;
    await clock.advance(3_000);
    expect(leaders()).toEqual(['a']);
  });

  it('ends at once for a leader that sees another one, and says who', async () => {
    const leader = stand('a');
    await clock.advance(10);
    const [last] = await log.readStream(STREAM, { direction: 'backwards', limit: 1 });
    const metadata = { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 };
    const usurped = { holder: 'usurper', term: 2, since: '2026-03-26T10:00:00.000Z', lease_ms: LEASE_MS };
    const event = { id: 'b7a3a0fc-9d8c-4d53-8f50-2a3f6a0d2b11', type: 'LeaseTaken', data: usurped, metadata };
    await log.append([{ stream: STREAM, expectedVersion: last?.version ?? 0, events: [event] }]);
    await clock.advance(0);
    expect(leaders()).toEqual([]);
    expect(reasons(leader)).toEqual(['usurper has the lease, term 2']);
    expect(leader.leadership.state()).toMatchObject({ holder: 'usurper', term: 2, status: 'held' });
    await clock.advance(LEASE_MS + 500);
    expect(leader.terms.map(({ number }) => number)).toEqual([1, 3]);
  });

  it('survives one call that hangs', async () => {
    const leader = stand('a');
    stand('b');
    await clock.advance(1_990);
    leader.network.hangs = true;
    await clock.advance(20);
    leader.network.hangs = false;
    await clock.advance(30_000);
    expect(leaders()).toEqual(['a']);
    expect(leader.terms).toHaveLength(1);
  });

  it('goes to another one when its holder fails at what it is to do, which says so and stands again', async () => {
    let broken = true;
    const failing = stand('a', { fails: () => broken });
    await clock.advance(10);
    const other = stand('b');
    await clock.advance(1_000);
    expect(leaders()).toEqual(['b']);
    expect(failing.logged).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'leading failed; another instance may try' }),
    );
    broken = false;
    await other.stop();
    expect(leaders()).toEqual(['a']);
  });

  it('is not fought for without a pause by one that always fails', async () => {
    const failing = stand('a', { fails: () => true });
    await clock.advance(60_000);
    expect(failing.terms.length).toBeGreaterThan(5);
    expect(failing.terms.length).toBeLessThan(15);
  });

  it('says so when the log was restored behind its back', async () => {
    const leader = stand('a');
    await clock.advance(30_000);
    const older = openSqliteEventLog({ clock, ids: createSeededIds(98), path: ':memory:' });
    const before = { ...log };
    Object.assign(log, older);
    await clock.advance(LEASE_MS);
    expect(leader.logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ err: expect.objectContaining({ code: 'store_damaged' }) }),
      }),
    );
    Object.assign(log, before);
    await older.close();
  });

  it('lasts as long as its holder says, whatever others have configured', async () => {
    const leader = stand('a', { leaseMs: 30_000 });
    await clock.advance(10);
    stand('b', { leaseMs: 1_000 });
    leader.network.down = true;
    await clock.advance(29_000);
    expect(leaders()).toEqual([]);
    await clock.advance(1_500);
    expect(leaders()).toEqual(['b']);
  });

  it('does not begin a new term before what an old one did has ended', async () => {
    const leader = stand('a', { lingering: 20_000 });
    await clock.advance(10);
    leader.network.down = true;
    await clock.advance(HOLD_MS);
    leader.network.down = false;
    await clock.advance(19_000);
    expect(leader.terms).toHaveLength(1);
    await clock.advance(2_000);
    expect(leader.terms).toHaveLength(2);
  });

  it('keeps nobody from stopping: neither a log that hangs, nor a failure that would be met again later', async () => {
    const hanging = stand('a', { leaseMs: 600_000, headHangs: true });
    await clock.advance(10);
    hanging.leave();
    await clock.advance(2_500);
    expect(hanging.hasStopped()).toBe(true);

    const failing = stand('b', { leaseMs: 600_000 });
    failing.network.hangs = true;
    await clock.advance(10);
    failing.leave();
    failing.network.down = true;
    await clock.advance(HANGS_FOR_MS + 2_500);
    expect(failing.logged.map(({ message }) => message)).toContain('taking the lease failed; retrying');
    expect(failing.hasStopped()).toBe(true);
  });

  it('tells what each instance knows', async () => {
    const first = stand('a');
    expect(first.leadership.state()).toMatchObject({ status: 'unknown', holder: null, term: null });
    await clock.advance(10);
    first.network.down = true;
    const second = stand('b');
    await clock.advance(LEASE_MS - 1_000);
    expect(second.leadership.state()).toMatchObject({ status: 'held', holder: 'a', term: 1, leading: false });
    second.network.down = true;
    await clock.advance(2_000);
    expect(second.leadership.state()).toMatchObject({ status: 'expired', holder: null, term: 1 });
  });
});

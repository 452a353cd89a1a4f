import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFollower, type Follower, type FollowerOptions } from '../../../src/following/follower.js';
import { START, type Batch } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

/** A log whose subscriptions are scripts: batches, then an error, an end, or silence until the signal aborts. */
type Script = (Batch | Error | 'end')[];

const batch = (position: string, caughtUp = true): Batch => ({ events: [], position, caughtUp });
const down = new StoreError('store_unavailable', 'down');

let clock: VirtualClock;
let logged: LogLine[];
let scripts: Script[];
let subscribedFrom: string[];
let taken: string[];
let closed: number;

beforeEach(() => {
  clock = createVirtualClock('2026-01-01T00:00:00Z');
  [scripts, subscribedFrom, taken, closed] = [[], [], [], 0];
});

const close = (): Promise<void> => {
  closed++;
  return Promise.resolve();
};

function follower(options: Partial<FollowerOptions> = {}): Follower {
  const logger = createCollectingLogger();
  logged = logger.lines;
  return createFollower({
    log: {
      async *subscribe({ from, signal }) {
        subscribedFrom.push(from);
        for (const step of scripts.shift() ?? []) {
          if (step === 'end') return;
          if (step instanceof Error) throw step;
          yield step;
        }
        await clock.sleep(Infinity, signal);
      },
    },
    clock,
    logger,
    prefixes: ['cronJob-'],
    pauses: { firstMs: 100, longestMs: 300 },
    faultText: 'stopped',
    resume: () =>
      Promise.resolve({
        from: taken.at(-1) ?? START,
        take: ({ position }) => {
          taken.push(position);
          return Promise.resolve();
        },
        close,
      }),
    ...options,
  });
}

/** Lets it follow for a time, then ends it. */
async function run(following: Follower, ms: number): Promise<void> {
  const stop = new AbortController();
  const running = following.run(stop.signal);
  await clock.advance(ms);
  stop.abort();
  await running;
}

const pausesLogged = (): unknown[] =>
  logged.map(({ fields }) => (fields as { again_in_ms: number }).again_in_ms);

describe('a follower', () => {
  it('takes batches in order, and shows where it is', async () => {
    scripts = [[batch('1', false), batch('2')]];
    const following = follower();
    const stop = new AbortController();
    const running = following.run(stop.signal);
    expect([following.position(), following.problem()]).toEqual([START, 'has not begun yet']);
    await clock.advance(50);
    expect([following.position(), following.problem(), following.caughtUpAt()]).toEqual(['2', undefined, 0]);
    stop.abort();
    await running;
    expect([following.problem(), following.caughtUpAt(), taken, closed]).toEqual([
      ...[undefined, undefined, ['1', '2'], 1],
    ]);
    expect(logged).toEqual([]);
  });

  it('resumes after a fault, with pauses that grow until something has been taken', async () => {
    scripts = [[down], [down], [down], [batch('1'), down], [batch('2')]];
    const following = follower();
    await run(following, 100 + 200 + 300 + 99);
    expect(taken).toEqual(['1']);
    await run(following, 100);
    expect(taken).toEqual(['1', '2']);
    expect(logged.map(({ fields }) => (fields as { again_in_ms: number }).again_in_ms)).toEqual([
      ...[100, 200, 300, 100],
    ]);
    expect(logged.every(({ level, message }) => level === 'warn' && message === 'stopped')).toBe(true);
    expect(subscribedFrom.at(-1)).toBe('1');
  });

  it('meets a fault of resuming and of taking alike, tells of it, and lets go of what was opened', async () => {
    const faults = [new Error('cannot resume'), undefined];
    scripts = [[batch('1')]];
    const following = follower({
      resume: () => {
        const fault = faults.shift();
        if (fault !== undefined) return Promise.reject(fault);
        return Promise.resolve({
          from: START,
          take: () => Promise.reject(new Error('cannot take')),
          close,
        });
      },
    });
    const stop = new AbortController();
    const running = following.run(stop.signal);
    await clock.advance(50);
    expect(following.problem()).toBe('cannot resume');
    await clock.advance(100);
    expect([following.problem(), closed]).toEqual(['cannot take', 1]);
    expect(logged.map(({ level }) => level)).toEqual(['error', 'error']);
    stop.abort();
    await running;
  });

  it('takes the end of a subscription for a fault: a log that was closed makes nobody spin', async () => {
    scripts = Array.from({ length: 20 }, (): Script => ['end']);
    await run(follower(), 1_000);
    expect(subscribedFrom.length).toBeLessThan(7);
    expect(JSON.stringify(logged[0]?.fields)).toContain('store_unavailable');
  });

  it('ends with what is fatal, and shows no problem then', async () => {
    scripts = [[batch('1'), new Error('damaged')]];
    const following = follower({ isFatal: (error) => String(error).includes('damaged') });
    await expect(following.run(new AbortController().signal)).rejects.toThrow('damaged');
    expect([following.problem(), following.caughtUpAt(), closed]).toEqual([undefined, undefined, 1]);
  });

  it('moves within a batch, and leaves the rest of it when it is to end', async () => {
    scripts = [[batch('9')]];
    const stop = new AbortController();
    const following = follower({
      resume: () =>
        Promise.resolve({
          from: START,
          take: async (_batch, signal, moveTo) => {
            moveTo('5');
            await clock.sleep(Infinity, signal);
          },
        }),
    });
    const running = following.run(stop.signal);
    await following.whenAt('5', stop.signal);
    stop.abort();
    await running;
    expect(following.position()).toBe('5');
  });

  it('begins each run with its first pause', async () => {
    scripts = Array.from({ length: 20 }, (): Script => [down]);
    const following = follower();
    await run(following, 1_000);
    logged.splice(0);
    await run(following, 10);
    expect(pausesLogged()).toEqual([100]);
  });

  it('shows and logs a fault before it lets go of what was opened', async () => {
    scripts = [[down]];
    let atClose: unknown;
    const following: Follower = follower({
      resume: () =>
        Promise.resolve({
          from: START,
          take: () => Promise.resolve(),
          close: () => {
            atClose = { problem: following.problem(), lines: logged.length };
            return Promise.resolve();
          },
        }),
    });
    await run(following, 10);
    expect(atClose).toEqual({ problem: 'down', lines: 1 });
  });

  it('tells of progress each 100,000 events, until the end of the log', async () => {
    const many = (position: string, caughtUp: boolean): Batch => ({
      events: new Array<never>(60_000),
      position,
      caughtUp,
    });
    scripts = [[many('1', false), many('2', false), many('3', true), many('4', false), many('5', false)]];
    await run(follower({ progressText: 'folding', fields: { model: 'a' } }), 10);
    expect(logged).toEqual([{ level: 'info', message: 'folding', fields: { model: 'a', events: 120_000 } }]);
  });
});

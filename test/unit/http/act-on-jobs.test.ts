import { describe, expect, it } from '@jest/globals';
import { actOnJobs, type ActOptions } from '../../../src/http/act-on-jobs.js';
import { NO_REASON } from '../../../src/waiting/no-reason.js';
import { createTurns } from '../../../src/waiting/turns.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `cron-${at}`);

type Given = Partial<Omit<ActOptions<string>, 'act'>> & { act?: (cronId: string) => Promise<string> };

function options({ act = (cronId) => Promise.resolve(cronId), ...given }: Given = {}): ActOptions<string> {
  return {
    act: (cronIds) => Promise.all(cronIds.map(act)),
    atLeast: 0,
    endsAfter: () => false,
    turns: createTurns(2),
    clock: createVirtualClock('2026-03-26T10:00:00.000Z'),
    gone: new AbortController().signal,
    ...given,
  };
}

describe('jobs that are acted on', () => {
  it('have their results in their order, and few are under way at once', async () => {
    let underWay = 0;
    let most = 0;
    const act = async (cronId: string): Promise<string> => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return cronId;
    };
    const shared = options({ act });
    const all = await Promise.all(Array.from({ length: 5 }, () => actOnJobs(ids(100), shared)));
    expect(all).toEqual(Array.from({ length: 5 }, () => ids(100)));
    expect(most).toBe(40);
    expect(await actOnJobs([], shared)).toEqual([]);
  });

  it('end with those beside one after which none may be tried', async () => {
    const tried: string[] = [];
    const act = (cronId: string): Promise<string> => Promise.resolve((tried.push(cronId), cronId));
    const results = await actOnJobs(ids(100), options({ act, endsAfter: (cronId) => cronId === 'cron-25' }));
    expect(results).toEqual(ids(40));
    expect(tried).toEqual(ids(40));
  });

  it('end when it has taken too long, but not before the first', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const act = (cronId: string): Promise<string> => {
      clock.skipTo(new Date(clock.now() + 600).toISOString());
      return Promise.resolve(cronId);
    };
    expect(await actOnJobs(ids(100), options({ act, clock }))).toEqual(ids(20));
    // A repeat must come to the end of what an earlier try has done.
    expect(await actOnJobs(ids(100), options({ act, clock, atLeast: 41 }))).toEqual(ids(60));
    const quick = (cronId: string): Promise<string> => Promise.resolve(cronId);
    expect(await actOnJobs(ids(100), options({ act: quick, clock }))).toEqual(ids(100));
  });

  it('are left alone from then on that the client is gone, and the turn is given back', async () => {
    const gone = new AbortController();
    const tried: string[] = [];
    const act = (cronId: string): Promise<string> => {
      if (tried.push(cronId) === 30) gone.abort(NO_REASON);
      return Promise.resolve(cronId);
    };
    const turns = createTurns(1);
    const acting = actOnJobs(ids(100), options({ act, gone: gone.signal, turns }));
    await expect(acting).rejects.toBe(NO_REASON);
    expect(tried).toHaveLength(40);
    (await turns.take())();
  });
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLoader, type LoaderState } from '../../../dashboard/src/api/loader.js';
import { ApiProblem } from '../../../dashboard/src/api/problem.js';

const NOTHING_YET: LoaderState<string> = {
  value: undefined,
  problem: undefined,
  isLoading: true,
  isOfBefore: false,
};

/** A loader whose loads end when the test says so. */
function startLoader(shown = NOTHING_YET) {
  let state = shown;
  const loads: { signal: AbortSignal; end: (value: string) => void; fail: (error: unknown) => void }[] = [];
  const loader = createLoader<string>({
    load: (signal) =>
      new Promise((end, fail) => {
        loads.push({ signal, end, fail });
      }),
    onState: (change) => (state = change(state)),
  });
  const settle = () => jest.advanceTimersByTimeAsync(0);
  return {
    loader,
    state: () => state,
    begun: () => loads.length,
    signal: () => loads[0]?.signal,
    end: async (value: string) => {
      loads.at(-1)?.end(value);
      await settle();
    },
    refuse: async (retryAfter: string) => {
      loads.at(-1)?.fail(new ApiProblem(503, undefined, { retryAfter }));
      await settle();
    },
    fail: async (status: number) => {
      loads.at(-1)?.fail(new ApiProblem(status, { code: 'some_code', detail: 'it is so' }));
      await settle();
    },
  };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('what is shown', () => {
  it('is loaded at once, and stays while it is loaded again', async () => {
    const { loader, state, end, begun } = startLoader();
    expect(state()).toEqual(NOTHING_YET);
    await end('first');
    expect(state()).toEqual({ ...NOTHING_YET, value: 'first', isLoading: false });
    await jest.advanceTimersByTimeAsync(10_000);
    loader.loadSoon();
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toBe(2);
    expect(state()).toEqual({ ...NOTHING_YET, value: 'first' });
    await end('second');
    expect(state().value).toBe('second');
  });

  it('is loaded at once for the first event of a crowd, and once more for the others', async () => {
    const { loader, end, begun, state } = startLoader();
    await end('first');
    await jest.advanceTimersByTimeAsync(10_000);
    for (let event = 0; event < 100; event++) loader.loadSoon();
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toBe(2);
    for (let event = 0; event < 100; event++) loader.loadSoon();
    await end('older');
    await jest.advanceTimersByTimeAsync(299);
    expect(begun()).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun()).toBe(3);
    await end('newest');
    await jest.advanceTimersByTimeAsync(60_000);
    expect([begun(), state().value]).toEqual([3, 'newest']);
  });

  it('is loaded less and less often while events do not end, and at once after a calm time', async () => {
    const { loader, end, begun } = startLoader();
    await end('first');
    await jest.advanceTimersByTimeAsync(10_000);
    const inSecond: number[] = [];
    for (let second = 0; second < 20; second++) {
      const before = begun();
      for (let event = 0; event < 100; event++) {
        loader.loadSoon();
        await jest.advanceTimersByTimeAsync(10);
        await end('newer');
      }
      inSecond.push(begun() - before);
    }
    expect(inSecond[0]).toBe(3);
    expect(inSecond.slice(10).reduce((sum, loads) => sum + loads, 0)).toBe(2);
    await jest.advanceTimersByTimeAsync(5_000);
    await end('newest');
    await jest.advanceTimersByTimeAsync(20_000);
    const before = begun();
    loader.loadSoon();
    await jest.advanceTimersByTimeAsync(0);
    expect(begun()).toBe(before + 1);
  });

  it('is loaded less often from a service that is slow', async () => {
    const { loader, end, begun } = startLoader();
    await jest.advanceTimersByTimeAsync(1_000);
    loader.loadSoon();
    await end('slow');
    await jest.advanceTimersByTimeAsync(1_999);
    expect(begun()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun()).toBe(2);
  });

  it('is not being loaded most of the time, however slow the service is', async () => {
    const { loader, end, begun } = startLoader();
    for (let load = 1; load <= 5; load++) {
      loader.loadSoon();
      await jest.advanceTimersByTimeAsync(12_000);
      await end('slow');
      loader.loadSoon();
      await jest.advanceTimersByTimeAsync(23_999);
      expect(begun()).toBe(load);
      await jest.advanceTimersByTimeAsync(1);
      expect(begun()).toBe(load + 1);
    }
  });

  it('is waited with while events do not end', async () => {
    const { loader, begun, refuse } = startLoader();
    loader.loadSoon();
    await refuse('20');
    for (let second = 0; second < 19; second++) {
      loader.loadSoon();
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(begun()).toBe(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(begun()).toBe(2);
  });

  it('is waited with for a minute at most', async () => {
    const { begun, refuse } = startLoader();
    await refuse('86400');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun()).toBe(2);
  });

  it('is waited with for as long as the service says', async () => {
    const { begun, refuse } = startLoader();
    await refuse('20');
    await jest.advanceTimersByTimeAsync(19_999);
    expect(begun()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun()).toBe(2);
  });

  it('is loaded when the viewer asks for it, whatever the service has said', async () => {
    const { loader, begun, refuse, end, state } = startLoader();
    await refuse('20');
    loader.loadNow();
    loader.loadNow();
    expect(begun()).toBe(2);
    await end('mended');
    expect(state()).toMatchObject({ value: 'mended', problem: undefined });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun()).toBe(2);
  });

  it('is told to answer the question of before, until there is an answer to this one', async () => {
    const before = { ...NOTHING_YET, value: 'of before', isLoading: false };
    const answered = startLoader(before);
    expect(answered.state()).toMatchObject({ value: 'of before', isLoading: true, isOfBefore: true });
    await answered.end('of now');
    expect(answered.state()).toMatchObject({ value: 'of now', isOfBefore: false });
    answered.loader.loadSoon();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(answered.state()).toMatchObject({ value: 'of now', isLoading: true, isOfBefore: false });

    const failed = startLoader(before);
    await failed.fail(500);
    expect(failed.state()).toMatchObject({ value: undefined, isOfBefore: false });
  });

  it.each([0, 429, 502, 503, 504])('is tried again after %d, and is shown meanwhile', async (status) => {
    const { end, fail, begun, state, loader } = startLoader();
    await end('first');
    loader.loadSoon();
    await jest.advanceTimersByTimeAsync(1_000);
    await fail(status);
    expect(state()).toMatchObject({ value: 'first', isLoading: false, problem: { message: 'it is so' } });
    await jest.advanceTimersByTimeAsync(3_000);
    expect(begun()).toBe(3);
    await end('mended');
    expect(state()).toEqual({ ...NOTHING_YET, value: 'mended', isLoading: false });
  });

  it.each([400, 401, 403, 404, 500])('is not tried again after %d', async (status) => {
    const { fail, begun } = startLoader();
    await fail(status);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun()).toBe(1);
  });

  it('is loaded no more once nobody looks, and its load ends', async () => {
    const { loader, state, end, begun, signal } = startLoader();
    loader.loadSoon();
    loader.stop();
    expect(signal()?.aborted).toBe(true);
    await end('late');
    await jest.advanceTimersByTimeAsync(60_000);
    expect([begun(), state()]).toEqual([1, NOTHING_YET]);
  });
});

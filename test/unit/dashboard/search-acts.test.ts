import { expect, it } from '@jest/globals';
import { ApiProblem } from '../../../dashboard/src/api/problem.js';
import type { HistoryEvent } from '../../../dashboard/src/history/event-sentence.js';
import { CHANGE_TYPES, isAct, saysConfig } from '../../../dashboard/src/history/is-act.js';
import { searchActs } from '../../../dashboard/src/history/search-acts.js';
import { configEvents } from '../../../src/events/config-events.js';
import { jobEvents } from '../../../src/events/job-events.js';

type Kind = Partial<Pick<HistoryEvent, 'type' | 'actor' | 'data' | 'unreadable'>>;

const START = Date.parse('2026-11-01T00:00:00.000Z');
const RUN: Kind = { type: 'RunStarted', actor: 'scheduler', data: { trigger: 'schedule' } };
const CHANGE: Kind = { type: 'CronJobUpdated', actor: 'key:alice', data: {} };

function event(version: number, kind: Kind): HistoryEvent {
  const at = new Date(START + version * 60_000).toISOString();
  return { version, at, recorded_at: at, unreadable: null, data: {}, ...kind } as HistoryEvent;
}

/** A job's events, the oldest first, as the service gives them. @param size of a page */
function historyOf(kinds: readonly Kind[], size = 100) {
  const events = kinds.map((kind, index) => event(index + 1, kind)).reverse();
  const asked: (string | undefined)[] = [];
  return {
    asked,
    pageOf(cursor: string | undefined) {
      asked.push(cursor);
      const first = cursor === undefined ? 0 : events.length - Number(cursor) + 1;
      const data = events.slice(first, first + size);
      const isLast = first + size >= events.length;
      return Promise.resolve({
        data,
        pagination: { next_cursor: isLast ? null : String(data.at(-1)?.version) },
      });
    },
    changesBefore(instant: string) {
      const before = events.filter(
        ({ type, at }) => (CHANGE_TYPES as readonly string[]).includes(type) && String(at) < instant,
      );
      return Promise.resolve(before.slice(0, 20));
    },
  };
}

const versions = (events: readonly HistoryEvent[]) => events.map(({ version }) => version);

it('finds the acts among the runs, to the creation of the job', async () => {
  const kinds = [CHANGE, ...Array.from({ length: 250 }, () => RUN), CHANGE, RUN];
  const history = historyOf(kinds);
  const found = await searchActs({ cursor: undefined, ...history });
  expect(versions(found.acts)).toEqual([252, 1]);
  expect(found).toMatchObject({ next: null, lookedAt: 253, older: [] });
  expect(history.asked).toHaveLength(3);
});

it('gives up after five pages, has the index tell the changes before them, and goes on from there', async () => {
  const kinds = [CHANGE, CHANGE, ...Array.from({ length: 900 }, () => RUN), CHANGE];
  const history = historyOf(kinds);
  const found = await searchActs({ cursor: undefined, ...history });
  expect(versions(found.acts)).toEqual([903]);
  expect(found.lookedAt).toBe(500);
  expect(versions(found.older)).toEqual([2, 1]);
  const further = await searchActs({ ...history, cursor: found.next ?? undefined });
  expect(versions(further.acts)).toEqual([2, 1]);
  expect(further).toMatchObject({ next: null, older: [] });
  expect(found.lookedAt + further.lookedAt).toBe(kinds.length);
});

it('tells a change at the very time of the oldest event once', async () => {
  const same = { at: new Date(START).toISOString() };
  const pages = Array.from({ length: 5 }, (_, index) => [{ ...event(10 - index, RUN), ...same }]);
  const found = await searchActs({
    cursor: undefined,
    pageOf: () => Promise.resolve({ data: pages.shift() ?? [], pagination: { next_cursor: 'on' } }),
    changesBefore: (instant) => {
      expect(instant).toBe(new Date(START + 1).toISOString());
      return Promise.resolve([event(7, CHANGE), event(5, CHANGE)]);
    },
  });
  expect(versions(found.older)).toEqual([5]);
});

it('ends with the page in which it has enough', async () => {
  const history = historyOf(Array.from({ length: 300 }, () => CHANGE));
  const found = await searchActs({ cursor: undefined, ...history });
  expect(found.acts).toHaveLength(100);
  expect(found).toMatchObject({ next: '201', older: [] });
});

it('keeps what it has found where the index cannot be asked, and says why', async () => {
  const history = historyOf([...Array.from({ length: 600 }, () => RUN), CHANGE]);
  const problem = { code: 'reads_behind', detail: 'the index is being made anew' };
  const changesBefore = () => Promise.reject(new ApiProblem(503, problem));
  const found = await searchActs({ ...history, cursor: undefined, changesBefore });
  expect(versions(found.acts)).toEqual([601]);
  expect(found).toMatchObject({ older: [], olderProblem: { code: 'reads_behind' } });
});

it('is of an empty history empty', async () => {
  const found = await searchActs({ cursor: undefined, ...historyOf([]) });
  expect(found).toEqual({
    acts: [],
    next: null,
    lookedAt: 0,
    oldest: undefined,
    older: [],
    olderProblem: undefined,
  });
});

const cancelled = { status: 'failed', error: { code: 'cancelled', message: 'x' } };
it.each<[string, Kind, boolean]>([
  ['a run of the schedule', RUN, false],
  ['a run that was asked for', { type: 'RunStarted', actor: 'key:a', data: { trigger: 'manual' } }, true],
  ['a run that was cancelled', { type: 'RunCompleted', actor: 'key:a', data: cancelled }, true],
  [
    'a run whose executor calls it so',
    { type: 'RunCompleted', actor: 'external-executor', data: cancelled },
    false,
  ],
  ['the end of a run', { type: 'RunCompleted', actor: 'worker', data: { error: null } }, false],
  ['a skip', { type: 'RunSkipped', actor: 'scheduler' }, false],
  ['a schedule that has failed', { type: 'ScheduleFailed', actor: 'scheduler' }, true],
  ['a type of later', { type: 'CronJobRenamed', actor: 'scheduler' }, true],
  ['what cannot be read', { ...RUN, unreadable: 'damaged' }, true],
])('an act is %s: %j is %s', (_, kind, expected) => {
  expect(isAct(event(1, kind))).toBe(expected);
});

it('knows each type of event of a job, and which of them have a configuration', () => {
  for (const type of CHANGE_TYPES) expect(Object.keys(jobEvents)).toContain(type);
  for (const type of Object.keys(jobEvents)) {
    const isConfig = Object.hasOwn(configEvents, type) && type !== 'CronJobDeleted';
    expect(saysConfig(event(1, { type }))).toBe(isConfig);
  }
});

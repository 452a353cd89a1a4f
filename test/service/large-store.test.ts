import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeLargeStore } from './large-store.js';
import { endpointsOf } from './large-store-endpoints.js';
import { startMonitored, type Blocked, type MonitoredService } from './loop-monitor.js';

const LOAD = { clients: 20, times: 3 };
/** Machines of continuous integration are shared, and slower. */
const { size: SIZE, mostMs: MOST_MS } =
  process.env.CI === undefined
    ? { size: { jobs: 50_000, events: 200_000 }, mostMs: 20 }
    : { size: { jobs: 20_000, events: 200_000 }, mostMs: 50 };
const LIVEZ_MS = 50;
/** Other processes and the garbage collector disturb some rounds; what blocks the loop does so in each. */
const ROUNDS = 3;

const folder = temporaryFolder();
const endpoints = Object.keys(endpointsOf({ folder, jobs: 2, longJob: '', runs: 1, firstSlot: 0 }));
let asked: ReturnType<typeof endpointsOf>;
let service: MonitoredService;
let term: unknown;

async function termOfLeader(): Promise<unknown> {
  const response = await fetch(`${service.api}/leader`);
  return ((await response.json()) as { term: unknown }).term;
}

beforeAll(async () => {
  asked = endpointsOf(await makeLargeStore(folder, SIZE));
  service = await startMonitored(folder);
  await service.leading;
  term = await termOfLeader();
}, 120_000);

afterAll(() => service.end('SIGTERM'));

/** Each by the best of its rounds. */
const areShort = (rounds: readonly Blocked[]): boolean =>
  rounds.some(({ busyMs }) => busyMs <= MOST_MS) && rounds.some(({ livezP99Ms }) => livezP99Ms < LIVEZ_MS);

describe(`with ${SIZE.jobs} jobs, one of which has ${SIZE.events} events, and ${LOAD.clients} clients at once`, () => {
  it.each(endpoints)(
    `%s blocks the event loop for at most ${MOST_MS} ms`,
    async (name) => {
      const rounds: Blocked[] = [];
      while (rounds.length < ROUNDS && !areShort(rounds)) {
        const next = asked[name];
        if (next === undefined) throw new Error(`no endpoint ${name}`);
        const before = rounds.length * LOAD.times;
        rounds.push(await service.ask((client, time) => next(client, before + time), LOAD));
      }
      expect(
        rounds.flatMap(({ statuses }) => Object.keys(statuses)).every((status) => status.startsWith('20')),
      ).toBe(true);
      expect(areShort(rounds) ? [] : rounds).toEqual([]);
    },
    60_000,
  );

  it('the lease has never been lost', async () => {
    expect(await termOfLeader()).toBe(term);
  });
});

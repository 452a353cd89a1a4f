import { expect } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { loadConfig } from '../../src/config/config.js';
import { rebuild, type RebuildProgress } from '../../src/core/rebuild.js';
import { openDocuments, openSystem } from '../../src/service/open-adapters.js';
import { differingRows } from '../support/compare-read-models.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { eventually } from '../support/eventually.js';
import { startApp } from '../support/running-app.js';
import { cronIdAt, makeLargeStore } from './large-store.js';
import { startWatchingClients } from './watching-clients.js';

const SIZE = { jobs: 20, events: 1_000 };

/** While it is hasty, what waits need not wait: whether a rebuild was killed takes seconds to see. */
function createHastyClock() {
  let jumped = 0;
  const clock = {
    ...systemClock,
    isHasty: false,
    monotonic: () => performance.now() + jumped,
    sleep(ms: number, signal?: AbortSignal) {
      if (!clock.isHasty) return systemClock.sleep(ms, signal);
      jumped += ms;
      return systemClock.yield();
    },
  };
  return clock;
}

/**
 * Two instances are read and written while the read models are rebuilt: the first time killed in the middle, the second
 * time to the end. Then rows and log must agree.
 */
export async function rebuildBesideService(
  env: Record<'DATA_DIR', string> & Record<string, string>,
): Promise<void> {
  await makeLargeStore(env.DATA_DIR, SIZE);
  const services = [await startApp(env), await startApp(env)];
  const [first] = services;
  if (first === undefined) throw new Error('no service');
  await eventually('the read models are there', async () => (await first.call('GET', '')).status === 200);
  const jobs = Array.from({ length: 5 }, (_, nth) => cronIdAt(nth));
  const apis = services.map(({ api }) => api);
  const clients = startWatchingClients(apis, jobs, { readers: 3, pauseMs: 20 });

  const config = loadConfig(env);
  const clock = createHastyClock();
  const system = await openSystem({ ...config, logLevel: 'silent' }, { clock });
  const documents = await openDocuments(config, system);
  const [store, generations] = [documents.store(), documents.generations()];
  await eventually('the read models are those of this version', () => areCurrent(store));
  let isKilled = false;
  const killable = {
    ...generations,
    replace: (...given: Parameters<typeof generations.replace>) =>
      isKilled ? Promise.reject(new Error('killed')) : generations.replace(...given),
  };
  const { log } = first.app.adapters;
  const rebuildAll = (onProgress: (progress: RebuildProgress) => void) =>
    rebuild(
      { log, store, generations: killable, system },
      { allowSeconds: true },
      { onProgress, signal: new AbortController().signal },
    );

  const broken = rebuildAll(({ phase }) => (isKilled = phase === 'comparing'));
  await expect(broken).rejects.toThrow('killed');
  isKilled = false;
  clock.isHasty = true;
  expect((await generations.read()).rebuild).not.toBeNull();
  const { events, compared } = await rebuildAll(() => (clock.isHasty = false));
  await clients.stop();
  const { requests, failed, older } = clients.seen;
  expect([failed, older]).toEqual([[], []]);
  expect(requests).toBeGreaterThan(100);
  expect(events).toBeGreaterThan(SIZE.events);
  expect(compared).toBeGreaterThanOrEqual(SIZE.jobs);
  expect(await generations.read()).toMatchObject({ live: 3, beside: null, rebuild: null });
  for (const { app } of services) await app.stop();

  const again = await startApp(env);
  const { adapters } = again.app;
  expect((await differingRows(adapters.log, adapters.store)).map(({ text }) => text)).toEqual([]);
  await again.app.stop();
  await Promise.all([store.close(), generations.close()]);
  await documents.close();
}

async function areCurrent(store: Pick<ReadStore, 'readCheckpoint'>): Promise<boolean> {
  const groups = Object.values(projectionGroups({ allowSeconds: true }));
  const stored = await Promise.all(groups.map(({ name }) => store.readCheckpoint(name)));
  return groups.every(({ version }, index) => stored[index]?.projection_version === version);
}

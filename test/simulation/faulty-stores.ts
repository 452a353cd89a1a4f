import type { CertificationRegistry, StoredCertification } from '../../src/ports/certification-registry.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { StoreError } from '../../src/ports/store-error.js';
import type { Lifeline } from './lifeline.js';
import type { World } from './world.js';

/** The shared read store as one instance sees it. */
export function createFaultyReadStore(world: World, name: string, lifeline: Lifeline): ReadStore {
  const { store, time, dice } = world;

  async function write(...args: Parameters<ReadStore['write']>): Promise<void> {
    if (world.faulty && dice.chance(0.01)) {
      const done = dice.chance(0.5);
      world.fault(done ? 'read models written, answered with an error' : 'read models not written', name);
      if (done) await store.write(...args);
      throw new StoreError('store_unavailable', 'simulated: read store');
    }
    // A write computed earlier may arrive after those of other instances.
    if (world.faulty && dice.chance(0.01)) await time.sleep(dice.duration(10, 60_000));
    if (!lifeline.alive()) return lifeline.never();
    await store.write(...args);
  }

  return {
    read: (model, keys) => lifeline.through(() => store.read(model, keys)),
    readAll: (model) => store.readAll(model),
    write: (...args) => lifeline.through(() => write(...args)),
    readCheckpoint: (checkpoint) => lifeline.through(() => store.readCheckpoint(checkpoint)),
    claim: (claim) => lifeline.through(() => store.claim(claim)),
    listJobs: (page) => lifeline.through(() => store.listJobs(page)),
    snapshotBefore: (cronId, version) => lifeline.through(() => store.snapshotBefore(cronId, version)),
    listRuns: (cronId, range) => lifeline.through(() => store.listRuns(cronId, range)),
    findRuns: (asked) => lifeline.through(() => store.findRuns(asked)),
    countRuns: (filter, most) => lifeline.through(() => store.countRuns(filter, most)),
    remindersOf: (certificationIds) => lifeline.through(() => store.remindersOf(certificationIds)),
    listReminders: (runId, page) => lifeline.through(() => store.listReminders(runId, page)),
    listEvents: (filter) => lifeline.through(() => store.listEvents(filter)),
    close: () => Promise.resolve(),
  };
}

/** The shared registry as one instance sees it: sometimes it hangs for everybody, so that runs overlap and time out. */
export function createFaultyRegistry(world: World, name: string, lifeline: Lifeline): CertificationRegistry {
  const { registry, time, dice } = world;

  async function reach(): Promise<void> {
    while (world.registryHangsUntil > time.now()) await time.sleep(world.registryHangsUntil - time.now());
    if (!lifeline.alive()) await lifeline.never();
    if (world.faulty && dice.chance(0.01)) {
      world.fault('registry down', name);
      throw new StoreError('store_unavailable', 'simulated: registry down');
    }
  }

  async function asked<T>(question: () => Promise<T>): Promise<T> {
    await reach();
    return lifeline.through(question);
  }

  async function* walk(pages: () => AsyncIterable<StoredCertification[]>) {
    await reach();
    yield* pages();
    if (!lifeline.alive()) await lifeline.never();
  }

  return {
    ...registry,
    pages: () => walk(() => registry.pages()),
    pagesOf: (mentorId) => walk(() => registry.pagesOf(mentorId)),
    find: (certificationId) => asked(() => registry.find(certificationId)),
    list: (query) => asked(() => registry.list(query)),
    summary: () => asked(() => registry.summary()),
  };
}

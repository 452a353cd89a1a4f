import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/ports/clock.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { beginRebuild } from '../../src/projections/own-rebuild.js';
import { project } from '../../src/projections/project.js';
import { differingRows } from '../support/compare-read-models.js';
import { createGate } from '../support/eventually.js';
import { jobRow } from '../support/sample-documents.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { createRebuildWorld, type RebuildPlace, type RebuildWorld } from './rebuild-world.js';

/** Where a rebuild changes the record: before each change, and after it. */
const STEPS = [
  ...['before it begins', 'begun', 'before both are written', 'both written', 'before the switch'],
  ...['switched', 'before one is written', 'one written', 'before the end', 'over'],
] as const;
const PAUSES = [0, 1, 2, 3, 4, 6].flatMap((from) =>
  [3, 4, 5, 7, 9].filter((to) => to > from).map((to) => [from, to] as const),
);
const JOBS = ['cron-a', 'cron-b', 'cron-c'];

/**
 * What a rebuild promises on every store: rows as of the log, and never an older one, whoever stands still meanwhile.
 * @param pauses from which step to which one a writer stands still
 */
export function rebuildContract(
  name: string,
  open: (clock: Clock) => Promise<RebuildPlace>,
  pauses: readonly (readonly [number, number])[] = PAUSES,
): void {
  describe(`a rebuild: ${name}`, () => {
    let world: RebuildWorld;
    let reader: ReadStore;
    let seen: Map<string, number>;
    beforeEach(async () => {
      world = await createRebuildWorld(open);
      reader = world.place.openStore();
      seen = new Map();
      for (const cronId of [...JOBS, ...JOBS]) await world.change(cronId);
      await world.catchUp();
    });
    afterEach(async () => {
      await world.place.close();
      await world.log.close();
    });

    /** Every row is as new as it was, and all are there. */
    async function look(): Promise<void> {
      const rows = await reader.read('jobs', JOBS);
      for (const cronId of JOBS) {
        const version = rows.get(cronId)?.version ?? 0;
        expect([cronId, version >= Math.max(1, seen.get(cronId) ?? 0)]).toEqual([cronId, true]);
        seen.set(cronId, version);
      }
      expect((await reader.listJobs({ offset: 0, limit: 9 })).total).toBe(JOBS.length);
    }

    const expectAsInLog = async (): Promise<void> =>
      expect((await differingRows(world.log, reader)).map(({ text }) => text)).toEqual([]);

    it.each(pauses.map(([from, to]) => [STEPS[from], STEPS[to], from, to] as const))(
      'shows no older row, and loses none, when a writer stands still between "%s" and "%s"',
      async (_, __, from, to) => {
        const [held, gate] = [createGate(), createGate()];
        let writing: Promise<void> | undefined;
        const writer = world.place.openStore(() => {
          if (writing === undefined) return Promise.resolve();
          held.open();
          return gate.passed;
        });
        const begin = async (): Promise<void> => {
          const event = await world.change('cron-a');
          const [group] = world.groups;
          if (group === undefined) throw new Error('no group');
          const changes = (await project({ store: writer, clock: world.clock }, group, [event])) ?? [];
          writing = Promise.resolve();
          writing = writer.write(changes);
          await held.passed;
        };
        await world.rebuild(async (step) => {
          if (step === to) gate.open();
          if (step === to) await writing;
          await look();
          await world.change('cron-b');
          await world.catchUp();
          await look();
          if (step === from) await begin();
        });
        await look();
        await expectAsInLog();
        await world.change('cron-a');
        await world.catchUp();
        await expectAsInLog();
      },
    );

    it.each([0, 1, 3, 4, 5, 7])(
      'that is killed after step %d leaves all as it was, and the next one begins anew',
      async (killed) => {
        const begun = world.rebuild(async (step) => {
          if (step < killed) return;
          // Nothing of it runs on, not even what tidies up.
          await Promise.reject(new Error('killed'));
        });
        await expect(begun).rejects.toThrow('killed');
        await look();
        await world.change('cron-c');
        await world.catchUp();
        await look();
        await expectAsInLog();
        await world.rebuild();
        await look();
        await expectAsInLog();
        expect(await world.place.generations.read()).toMatchObject({ beside: null, rebuild: null });
      },
    );

    it('that was killed is not written for for ever', async () => {
      const begun = world.rebuild(async (step) => {
        if (step < 3) return;
        await Promise.reject(new Error('killed'));
      });
      await expect(begun).rejects.toThrow('killed');
      await world.catchUp();
      expect(await world.place.generations.read()).toMatchObject({ live: 0, beside: 1 });
      world.clock.jump(61_000);
      await world.catchUp();
      expect(await world.place.generations.read()).toMatchObject({ live: 0, beside: null, rebuild: null });
      await expectAsInLog();
    });

    it.each([1, 3, 4])(
      'ends when the models are emptied after step %d, and what it has made is not shown',
      async (emptied) => {
        const [group] = world.groups;
        const rebuilding = world.rebuild(async (step) => {
          if (step !== emptied) return;
          const checkpoint = {
            position: '',
            event: null,
            projection_version: group?.version ?? 0,
            projector: 'new',
          };
          const instead = (await reader.readCheckpoint('jobs'))?.projector;
          await reader.claim({ name: 'jobs', checkpoint, instead, emptied: ['jobs', 'runs'] });
        });
        await expect(rebuilding).rejects.toThrow(/ended/);
        expect((await reader.read('jobs', JOBS)).size).toBe(0);
        expect(await world.place.generations.read()).toMatchObject({ live: 0, beside: null, rebuild: null });
        await world.catchUp();
        await expectAsInLog();
        await world.rebuild();
        await expectAsInLog();
      },
    );

    it('refuses models of another version, and where there are none', async () => {
      const stored = await reader.readCheckpoint('jobs');
      const checkpoint = { position: '', event: null, projection_version: 7, projector: 'other' };
      await reader.claim({ name: 'jobs', checkpoint, instead: stored?.projector, emptied: [] });
      await expect(world.rebuild()).rejects.toThrow(
        /jobs .*\(the projections have changed\): start the service/,
      );
      expect(await world.place.generations.read()).toMatchObject({ beside: null, rebuild: null });
      const empty = await createRebuildWorld(open);
      await expect(empty.rebuild()).rejects.toThrow(/there are none yet/);
      await Promise.all([empty.place.close(), empty.log.close()]);
    });

    it('refuses to begin beside another one that lives', async () => {
      const { clock, place } = world;
      const signal = new AbortController().signal;
      const first = await beginRebuild({ generations: place.generations, clock, ids: systemIds, signal });
      const sleep = (): Promise<void> => first.change((found) => found);
      const second = beginRebuild({
        generations: place.generations,
        clock: { ...clock, sleep },
        ids: systemIds,
        signal,
      });
      await expect(second).rejects.toThrow('another rebuild of these read models is under way');
      await first.end();
    });

    it('that is interrupted ends before its switch, and is done after it', async () => {
      const interruptAt = (at: number): Promise<unknown> => {
        const interrupted = new AbortController();
        const onStep = (step: number): Promise<void> => {
          if (step === at) interrupted.abort();
          return Promise.resolve();
        };
        return world.rebuild(onStep, interrupted.signal);
      };
      await expect(interruptAt(3)).rejects.toThrow('interrupted: the read models are those from before');
      expect(await world.place.generations.read()).toMatchObject({ live: 0, beside: null, rebuild: null });
      await interruptAt(5);
      expect(await world.place.generations.read()).toMatchObject({ live: 3, beside: null, rebuild: null });
      await expectAsInLog();
    });

    it('does not cut off a walk over all rows', async () => {
      const rows = Array.from({ length: 250 }, (_, nth) => jobRow(`cron-walk-${nth}`));
      await reader.write([{ model: 'jobs', rows }]);
      for (const { key } of rows) await world.change(key);
      const found: string[] = [];
      for await (const page of reader.readAll('jobs')) {
        if (found.length === 0) await world.rebuild();
        found.push(...page.map(({ key }) => key));
      }
      expect(found.sort()).toEqual([...JOBS, ...rows.map(({ key }) => key)].sort());
    });
  });
}

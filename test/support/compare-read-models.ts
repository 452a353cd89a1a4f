import { isDeepStrictEqual } from 'node:util';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { modelNames, type ModelName } from '../../src/ports/read-models.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { createProjectionRunner } from '../../src/projections/projection-runner.js';
import { createCollectingLogger } from './collecting-logger.js';

/** Builds the read models anew from the log, and answers the rows in which those of `store` differ. */
export async function differingRows(log: EventLog, store: ReadStore): Promise<string[]> {
  const rebuilt = openSqliteReadStore({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const stop = new AbortController();
  const logger = createCollectingLogger();
  const dependencies = { log, store: rebuilt, clock: systemClock, ids: systemIds, logger };
  const head = await log.head();
  const runners = Object.values(projectionGroups({ allowSeconds: true })).map((group) =>
    createProjectionRunner(group, dependencies),
  );
  const running = runners.map((runner) => runner.run(stop.signal));
  await Promise.all(runners.map((runner) => runner.whenProjected(head, stop.signal)));
  stop.abort();
  await Promise.all(running);

  const differing: string[] = [];
  for (const model of modelNames) {
    const [found, expected] = await Promise.all([rowsOf(store, model), rowsOf(rebuilt, model)]);
    for (const key of new Set([...found.keys(), ...expected.keys()])) {
      // Not every store keeps the order of fields.
      if (isDeepStrictEqual(found.get(key), expected.get(key))) continue;
      const [given, wanted] = [found.get(key), expected.get(key)].map((row) => JSON.stringify(row));
      differing.push(`${model} ${key}: ${given} instead of ${wanted}`);
    }
  }
  await rebuilt.close();
  return differing;
}

async function rowsOf(store: ReadStore, model: ModelName): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  for await (const page of store.readAll(model)) for (const row of page) rows.set(row.key, row);
  return rows;
}

import { isDeepStrictEqual } from 'node:util';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { modelNames, type ModelName } from '../../src/ports/read-models.js';
import type { ReadStore, Row } from '../../src/ports/read-store.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { createProjectionRunner } from '../../src/projections/projection-runner.js';
import { createCollectingLogger } from './collecting-logger.js';

export interface DifferingRow {
  model: ModelName;
  key: string;
  /** Both are there and say that they were written by the same event. */
  sameVersion: boolean;
  text: string;
}

/** Rebuilds the read models from the log, and returns the rows in which those of `store` differ. */
export async function differingRows(log: EventLog, store: ReadStore): Promise<DifferingRow[]> {
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

  const differing: DifferingRow[] = [];
  for (const model of modelNames) {
    const [found, expected] = await Promise.all([rowsOf(store, model), rowsOf(rebuilt, model)]);
    for (const key of new Set([...found.keys(), ...expected.keys()])) {
      // Not every store keeps the order of fields.
      if (isDeepStrictEqual(found.get(key), expected.get(key))) continue;
      const [given, wanted] = [found.get(key), expected.get(key)];
      differing.push({
        model,
        key,
        sameVersion: given !== undefined && given.version === wanted?.version,
        text: `${model} ${key}: ${JSON.stringify(given)} instead of ${JSON.stringify(wanted)}`,
      });
    }
  }
  await rebuilt.close();
  return differing;
}

async function rowsOf(store: ReadStore, model: ModelName): Promise<Map<string, Row<unknown>>> {
  const rows = new Map<string, Row<unknown>>();
  for await (const page of store.readAll(model)) for (const row of page) rows.set(row.key, row);
  return rows;
}

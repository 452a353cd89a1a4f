/**
 * The engine against the oracle: the offsets of every zone, every slot of two years in one zone of each kind, and odd
 * years. Exits with 1 when anything differs.
 * npx tsx test/oracle/compare-slots.ts [--sample] [--seed <number>]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { amongChildren } from '../support/among-children.js';
import { createSeededIds } from '../support/seeded-ids.js';
import type { Result, Task } from './compare-child.js';
import { addCompared, nothingCompared, type Range } from './compare-schedule.js';
import { EXPRESSIONS, LEAP_DAYS } from './expressions.js';
import { EVERY_ZONE, ODD_YEARS, TWO_YEARS, WITH_LEAP_DAY } from './ranges.js';

const SAMPLE = { zones: 40, expressions: 12, ranges: 3 };
const SHOWN = 20;
const CHILD = fileURLToPath(new URL('./compare-child.ts', import.meta.url));

const options = { sample: { type: 'boolean' }, seed: { type: 'string' } } as const;
const { sample: sampled = false, seed: givenSeed } = parseArgs({ options }).values;
const seed = Number(givenSeed ?? Date.now() % 1_000_000);
const ids = createSeededIds(seed);
const sum = nothingCompared();

/** All of them, or some drawn at random for a sample. */
function choice<T>(all: readonly T[], count: number): T[] {
  if (!sampled) return [...all];
  const keyed = all.map((one) => ({ one, key: ids.random() })).sort((a, b) => a.key - b.key);
  return keyed.slice(0, count).map(({ one }) => one);
}

/** @returns the series of offsets of each zone, where those were compared */
async function compareAll(what: string, tasks: readonly Task[]): Promise<Map<string, string>> {
  const seriesOfZone = new Map<string, string>();
  let done = 0;
  await amongChildren<Task, Result>({
    script: CHILD,
    tasks,
    nameOf: ({ timeZone }) => timeZone,
    onResult({ timeZone }, result) {
      addCompared(sum, result);
      if (result.series !== undefined) seriesOfZone.set(timeZone, result.series);
      done++;
      const found = `${sum.differences} differences so far`;
      process.stderr.write(`${what}: ${done}/${tasks.length} ${timeZone}, ${found}\n`);
    },
  });
  return seriesOfZone;
}

/** One zone for each series of offsets: the first by name, however the results came. */
function oneOfEachSeries(seriesOfZone: ReadonlyMap<string, string>): string[] {
  const zoneOfSeries = new Map<string, string>();
  for (const [timeZone, series] of [...seriesOfZone].sort().reverse()) zoneOfSeries.set(series, timeZone);
  return [...zoneOfSeries.values()].sort();
}

function slotTasks(ranges: readonly Range[], expressions: readonly string[]): Task[] {
  return ranges.map((range, index) => ({ ...range, expressions, seed: seed + index }));
}

const start = performance.now();
process.stderr.write(`seed ${seed}\n`);
const zones = choice(EVERY_ZONE, SAMPLE.zones);
const offsetTasks = zones.map((timeZone) => ({ ...TWO_YEARS, timeZone, expressions: [], seed }));
const groups = oneOfEachSeries(await compareAll('offsets', offsetTasks)).map((timeZone) => ({
  ...TWO_YEARS,
  timeZone,
}));
const expressions = choice(EXPRESSIONS, SAMPLE.expressions);
const oddYears = choice(ODD_YEARS, SAMPLE.ranges);
const withLeapDay = choice(WITH_LEAP_DAY, SAMPLE.ranges);
await compareAll('slots', [
  ...slotTasks(choice(groups, SAMPLE.ranges), expressions),
  ...slotTasks(oddYears, expressions),
  ...slotTasks(withLeapDay, LEAP_DAYS),
]);

const lines: [string, number][] = [
  ['seed', seed],
  ['zones whose offsets were compared', zones.length],
  ['minutes of them', sum.minutes],
  ['groups of zones with the same offsets', groups.length],
  ['expressions', expressions.length],
  ['odd years', oddYears.length],
  ['zones with a leap day', withLeapDay.length],
  ['slots compared', sum.slots],
  ['questions from random instants', sum.questions],
  ['differences', sum.differences],
  ['seconds', Math.round((performance.now() - start) / 1000)],
];
const summary = lines.map(([what, count]) => `${what.padEnd(40)}${count.toLocaleString('en-US')}\n`);
process.stdout.write([...summary, ...sum.examples.slice(0, SHOWN).map((text) => `${text}\n`)].join(''));
if (sum.differences > 0) process.exitCode = 1;

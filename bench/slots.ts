/**
 * How many next slots a second: ours, croner and cron-parser in the same run.
 * npx tsx bench/slots.ts
 */
import { zoneOffsets } from '../src/schedule/zone-offsets.js';
import { alignedTable, wholeNumber } from './aligned-table.js';
import { describeMachine } from './machine.js';
import { cronerRates, cronParserRates, FROM, ourRates, TO, type OurRates } from './slot-engines.js';

const EXPRESSIONS = ['0 2 * * *', '*/5 * * * *', '0 0 29 2 *', '0 9 * * MON-FRI'];
const ZONES = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'];
const EVERY_ZONE = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
const GOALS = { uncached: 300_000, cached: 3_000_000 };
const ROUND_MS = 40;
const ROUND_MS_OF_EVERY_ZONE = 1.5;
/** The slot after the last instant may be a leap day four years on. */
const LONGEST_WAIT_MS = 5 * 366 * 86_400_000;

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function warmZones(): number {
  const start = performance.now();
  for (const timeZone of EVERY_ZONE) {
    const zone = zoneOffsets(timeZone);
    zone.indexAt(FROM / 1000);
    zone.indexAt((TO + LONGEST_WAIT_MS) / 1000);
  }
  return performance.now() - start;
}

function compareLibraries(): string {
  const rows = [
    ['expression', 'zone', 'asked', 'ours', 'croner', 'cron-parser', 'ours/croner', 'ours/cron-parser'],
  ];
  const faults: string[] = [];
  for (const expression of EXPRESSIONS) {
    progress(`  ${expression}`);
    for (const zone of ZONES) {
      const ours = ourRates(expression, zone, ROUND_MS);
      const croner = cronerRates(expression, zone, ROUND_MS);
      const cronParser = cronParserRates(expression, zone, ROUND_MS);
      if (cronParser.threw !== undefined)
        faults.push(`cron-parser threw for ${expression} in ${zone} in ${cronParser.threw}\n`);
      const row = (asked: string, own: number, theirs: number, others: number): string[] => [
        ...[expression, zone, asked],
        ...[own, theirs, others, own / theirs, own / others].map(wholeNumber),
      ];
      rows.push(
        row('random', ours.random, croner.random, cronParser.random),
        row('iterating', ours.iterating, croner.iterating, cronParser.iterating),
        row('cached', ours.cached, croner.random, cronParser.random),
      );
    }
  }
  return [alignedTable(rows, 3), ...faults].join('');
}

interface Slowest {
  zone: string;
  rate: number;
}

function everyZone(): { table: string; uncached: Slowest; cached: Slowest } {
  const rows = [['expression', 'asked', 'min', 'median', 'slowest zone']];
  const found: Record<keyof OurRates, Slowest[]> = { random: [], iterating: [], cached: [] };
  for (const expression of EXPRESSIONS) {
    progress(`  ${expression}`);
    const rates = EVERY_ZONE.map((zone) => ({
      zone,
      rates: ourRates(expression, zone, ROUND_MS_OF_EVERY_ZONE),
    }));
    for (const asked of ['random', 'iterating', 'cached'] as const) {
      const sorted = rates
        .map((one) => ({ zone: one.zone, rate: one.rates[asked] }))
        .sort((a, b) => a.rate - b.rate);
      const [slowest, median] = [sorted[0], sorted[sorted.length >> 1]];
      if (slowest === undefined || median === undefined) throw new Error('no zones');
      found[asked].push(slowest);
      rows.push([expression, asked, wholeNumber(slowest.rate), wholeNumber(median.rate), slowest.zone]);
    }
  }
  const slowestOf = (all: Slowest[]): Slowest => all.reduce((a, b) => (b.rate < a.rate ? b : a));
  return {
    table: alignedTable(rows, 2),
    uncached: slowestOf([...found.random, ...found.iterating]),
    cached: slowestOf(found.cached),
  };
}

function verdict(what: string, { zone, rate }: Slowest, goal: number): string {
  const word = rate >= goal ? 'holds' : 'DOES NOT HOLD';
  return `${what}: at least ${wholeNumber(goal)} a second on the slowest zone: ${word} (${wholeNumber(rate)}, ${zone})\n`;
}

const start = performance.now();
progress(`offsets of ${EVERY_ZONE.length} zones`);
const warmMs = warmZones();
progress('beside croner and cron-parser');
const libraries = compareLibraries();
progress('every zone');
const { table, uncached, cached } = everyZone();
process.stdout
  .write(`Next slots a second, best of three rounds; ${new Date(start + performance.timeOrigin).toISOString()}
${describeMachine()}; ICU ${process.versions.icu}, tzdata ${process.versions.tz}

random     from instants all over ${new Date(FROM).getUTCFullYear()} to ${new Date(TO - 1).getUTCFullYear()}; none lies in an interval that ours remembers
iterating  from each slot to the one after it; nothing is remembered of it either
cached     ours as many jobs with one schedule ask it; beside the others' random ones, as they remember nothing
The offsets of all ${EVERY_ZONE.length} zones were read from Intl before: once in ${(warmMs / 1000).toFixed(1)} s, not counted below.
croner is built once and asked nextRun(instant); cron-parser is parsed for each random instant, which is how it is
asked for the slot after one, and iterates by next().

${libraries}
Ours, all ${EVERY_ZONE.length} zones

${table}
${verdict('uncached', uncached, GOALS.uncached)}${verdict('cached', cached, GOALS.cached)}${((performance.now() - start) / 1000).toFixed(0)} s in all
`);

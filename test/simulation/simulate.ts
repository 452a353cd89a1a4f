/**
 * Runs simulated worlds through faults, and checks their history against the promises. Exits with 1 when one was
 * broken.
 * npm run simulate -- --seeds 200 --days 400
 */
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { amongChildren } from '../support/among-children.js';
import { RARE_STATES } from './count-states.js';
import type { Outcome } from './run-simulation.js';
import type { SimulatedWorld } from './simulate-child.js';

const CHILD = fileURLToPath(new URL('./simulate-child.ts', import.meta.url));
/** Up to a week the jobs are minutely: longer would only be more of the same. */
const MINUTES_UP_TO_DAYS = 7;
const TOLD_SEEDS = 3;
const PROGRESS_EVERY = 10;

interface Options {
  seeds: number;
  days: number;
  seed?: number;
  jobs?: SimulatedWorld['jobs'];
}

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1');
  return Number(text);
};

const { seeds, days, seed, jobs } = new Command('simulate')
  .option('--seeds <count>', 'how many worlds', whole, 20)
  .option('--days <days>', 'how long each lives', whole, 400)
  .option('--seed <seed>', 'only this world, as a failure names it', whole)
  .addOption(
    new Option('--jobs <kind>', 'how often jobs come due').choices([
      'days',
      'minutes',
      'clocks',
      'backlogs',
      'restores',
    ]),
  )
  .parse()
  .opts<Options>();

function showProgress(outcomes: readonly Outcome[], of: number): void {
  const slots = outcomes.reduce((sum, { counts }) => sum + (counts.slots ?? 0), 0);
  const text = `${outcomes.length} of ${of} worlds, ${slots} slots, ${broken(outcomes).length} with broken promises`;
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
  else if (outcomes.length % PROGRESS_EVERY === 0) process.stderr.write(`${text}\n`);
}

function broken(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ violations }) => violations.length > 0);
}

function report(outcomes: readonly Outcome[], seconds: number): void {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [name, count] of Object.entries(outcome.counts)) counts[name] = (counts[name] ?? 0) + count;
  for (const name of Object.keys(counts).sort())
    process.stdout.write(`  ${name.padEnd(50)} ${String(counts[name]).padStart(9)}\n`);
  for (const { seed, days, jobs, violations } of broken(outcomes).slice(0, TOLD_SEEDS)) {
    process.stdout.write(`\nseed ${seed}: ${violations.length} broken promises\n${violations.join('\n')}\n`);
    process.stdout.write(`again: npm run simulate -- --seed ${seed} --days ${days} --jobs ${jobs}\n`);
  }
  const missing = RARE_STATES.filter((state) => counts[state] === undefined);
  process.stdout.write(`\nrare states that were not reached: ${missing.join('; ') || 'none'}\n`);
  const { slots = 0, runs = 0, faults = 0, events = 0 } = counts;
  const failed = broken(outcomes).map(({ seed }) => seed);
  process.stdout.write(
    `${outcomes.length} worlds of ${days} days in ${seconds} s: ` +
      `${slots} slots, ${runs} runs, ${faults} faults, ${events} events; ` +
      `${failed.length === 0 ? 'all promises hold' : `broken promises in seeds ${failed.join(', ')}`}\n`,
  );
}

const began = performance.now();
const kind = jobs ?? (days <= MINUTES_UP_TO_DAYS ? 'minutes' : 'days');
const first = seed ?? 1;
const worlds = Array.from({ length: seed === undefined ? seeds : 1 }, (_, index) => first + index);
const outcomes: Outcome[] = [];
await amongChildren<SimulatedWorld, Outcome>({
  script: CHILD,
  tasks: worlds.map((seed) => ({ seed, days, jobs: kind })),
  nameOf: ({ seed }) => `seed ${seed}`,
  onResult(_, outcome) {
    outcomes.push(outcome);
    showProgress(outcomes, worlds.length);
  },
});
outcomes.sort((a, b) => a.seed - b.seed);
report(outcomes, Math.round((performance.now() - began) / 1000));
if (broken(outcomes).length > 0) process.exitCode = 1;

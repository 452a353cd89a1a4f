import type { components } from '../api/openapi.js';
import { count } from '../show/show-duration.js';
import { inZone } from '../show/show-instant.js';
import { durationOf, durationWords, kindOf, type RunKind } from './run-facts.js';

type Schemas = components['schemas'];

export type Run = Schemas['RunInList'];

export interface Metric {
  /** In the address. */
  name: string;
  title: string;
  /** Of the run that has the most. */
  most: string;
  /** undefined where a run does not tell it. */
  valueOf: (run: Run) => number | undefined;
  words: (value: number) => string;
}

const DURATION: Metric = {
  name: 'duration',
  title: 'Duration',
  most: 'slowest',
  valueOf: durationOf,
  words: durationWords,
};

/** What can be drawn over the runs; the first one needs no word in the address. */
export const METRICS: readonly Metric[] = [
  DURATION,
  {
    name: 'checked',
    title: 'Mentors checked',
    most: 'most',
    valueOf: ({ result }) => result?.mentors_checked,
    words: count,
  },
  {
    name: 'reminders',
    title: 'Reminders',
    most: 'most',
    valueOf: ({ result }) => result?.reminders_sent,
    words: count,
  },
  {
    name: 'warnings',
    title: 'Warnings',
    most: 'most',
    valueOf: ({ result }) => result?.warnings.length,
    words: count,
  },
];

/** The one that the address names; what it does not know is the first. */
export function metricOf(name: string | undefined): Metric {
  return METRICS.find((metric) => metric.name === name) ?? DURATION;
}

/** A run in a chart. */
export interface Point {
  run: Run;
  kind: RunKind;
  value: number | undefined;
}

/** @param runs newest first, as the API lists them @returns the oldest first, as charts are read */
export function pointsOf(runs: readonly Run[], { valueOf }: Metric): Point[] {
  return runs.toReversed().map((run) => ({ run, kind: kindOf(run), value: valueOf(run) }));
}

export interface TrendSummary {
  /** Whether the numbers are of dry runs, since there are no real ones. */
  isDry: boolean;
  /** How many runs tell the value. */
  counted: number;
  median: number;
  /** The newest of those that have the most. */
  most: { run: Run; value: number };
}

/**
 * What a chart says to whoever does not see it. Dry runs are left out where there are real ones.
 * @returns undefined where no run tells the value
 */
export function summaryOf(points: readonly Point[]): TrendSummary | undefined {
  const told = points.flatMap(({ run, value }) => (value === undefined ? [] : [{ run, value }]));
  const real = told.filter(({ run }) => run.dry_run !== true);
  const counted = real.length > 0 ? real : told;
  const [first, ...rest] = counted;
  if (first === undefined) return undefined;
  return {
    isDry: real.length === 0,
    counted: counted.length,
    median: medianOf(counted.map(({ value }) => value)),
    most: rest.reduce((most, next) => (next.value >= most.value ? next : most), first),
  };
}

/** The middle one; of an even number the lower of the two in the middle, so that it is one that a run has had. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}

/** What is told of one run, in a chart. */
export function pointWords({ run, kind, value }: Point, { words }: Metric, zone: string): string {
  const at = run.started_at === null ? '' : `${inZone(run.started_at, zone).text}: `;
  return `${at}${value === undefined ? '–' : words(value)}, ${KIND_WORDS[kind]}`;
}

export const KIND_WORDS: Readonly<Record<RunKind, string>> = {
  success: 'success',
  warned: 'with warnings',
  failed: 'failed',
  dry: 'dry run',
  running: 'running',
};

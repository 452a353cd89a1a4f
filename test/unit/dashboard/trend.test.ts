import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chartData, placeLabels, placesShown, topOf } from '../../../dashboard/src/runs/chart-data.js';
import {
  medianOf,
  metricOf,
  METRICS,
  pointsOf,
  pointWords,
  summaryOf,
  type Run,
} from '../../../dashboard/src/runs/trend.js';
import { RESULT, run, WARNED } from './runs.js';

const REMINDERS = metricOf('reminders');
const sent = (reminders_sent: number, given: Partial<Run> = {}): Run =>
  run({ run_id: `run-of-${reminders_sent}`, result: { ...RESULT, reminders_sent }, ...given });
const failed = run({ run_id: 'run-failed', status: 'failed', result: null });

describe('a trend of runs', () => {
  it('is of what the address names, and of the first number where it names none that is known', () => {
    expect(metricOf('warnings').title).toBe('Warnings');
    expect([metricOf(undefined), metricOf('constructor')].map(({ name }) => name)).toEqual([
      'duration',
      'duration',
    ]);
    expect(METRICS.map(({ valueOf }) => valueOf(run({ result: WARNED })))).toEqual([65_000, 124, 3, 1]);
    expect(METRICS.map(({ valueOf }) => valueOf(failed))).toEqual([65_000, undefined, undefined, undefined]);
  });

  it('has the oldest first, with what each tells', () => {
    const points = pointsOf([failed, sent(7)], REMINDERS);
    expect(points.map(({ kind, value }) => [kind, value])).toEqual([
      ['success', 7],
      ['failed', undefined],
    ]);
    expect(points.map((point) => pointWords(point, REMINDERS, 'Asia/Kolkata'))).toEqual([
      '2026-11-28 07:30: 7, success',
      '2026-11-28 07:30: –, failed',
    ]);
  });

  it('is summed up by the median, and the newest run that has the most, of the real ones', () => {
    const newest = [sent(9, { run_id: 'run-newest' }), failed, sent(99, { dry_run: true }), sent(1), sent(9)];
    expect(summaryOf(pointsOf(newest, REMINDERS))).toMatchObject({
      isDry: false,
      counted: 3,
      median: 9,
      most: { value: 9, run: { run_id: 'run-newest' } },
    });
  });

  it('is of dry runs where there is no other, and has no sum where none tells the number', () => {
    expect(summaryOf(pointsOf([sent(5, { dry_run: true }), failed], REMINDERS))).toMatchObject({
      isDry: true,
      counted: 1,
      median: 5,
    });
    expect(summaryOf(pointsOf([failed], REMINDERS))).toBeUndefined();
    expect(summaryOf([])).toBeUndefined();
  });

  it('has a median that one of them is, with at least half of them up to it and half from it on', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), (values) => {
        const median = medianOf(values);
        expect(values).toContain(median);
        expect(values.filter((value) => value <= median).length * 2).toBeGreaterThanOrEqual(values.length);
        expect(values.filter((value) => value >= median).length * 2).toBeGreaterThanOrEqual(values.length);
      }),
    );
  });
});

describe('the chart of a trend', () => {
  it('has a bar for each run that tells the number, in the series of its kind; a zero is seen, too', () => {
    const runs = [sent(100, { dry_run: true }), failed, run({ result: WARNED }), sent(0)];
    const points = pointsOf(runs, REMINDERS);
    const [places, success, warned, ofFailed, dry] = chartData(points);
    expect(places).toEqual([0, 1, 2, 3]);
    expect([warned, ofFailed, dry]).toEqual([
      [null, 3, null, null],
      [null, null, null, null],
      [null, null, null, 100],
    ]);
    expect(success?.slice(1)).toEqual([null, null, null]);
    expect(success?.[0]).toBeGreaterThan(0);
    expect(success?.[0]).toBeLessThan(topOf(points) / 20);
  });

  it('ends above its highest bar, and has a height where all are zero', () => {
    expect(topOf(pointsOf([sent(100), failed], REMINDERS))).toBeCloseTo(105);
    expect(topOf(pointsOf([sent(0)], REMINDERS))).toBeGreaterThan(0);
    expect(topOf([])).toBeGreaterThan(0);
  });

  it('has few runs at the right, and as many as there are from some number on', () => {
    expect([placesShown(3), placesShown(100)]).toEqual([
      [-17.5, 2.5],
      [-0.5, 99.5],
    ]);
  });

  it('names days in the zone of the job, or times where all are of one day, and nothing where no run is', () => {
    const runs = [run({}), run({ started_at: '2026-11-27T19:00:00Z' })];
    const points = pointsOf(runs, REMINDERS);
    expect(placeLabels(points, [-1, 0, 0.5, 1, 2], 'UTC')).toEqual(['', '11-27', '', '11-28', '']);
    expect(placeLabels(points, [0, 1], 'Asia/Kolkata')).toEqual(['00:30', '07:30']);
    expect(placeLabels(pointsOf([run({ started_at: null })], REMINDERS), [0], 'UTC')).toEqual(['']);
  });
});

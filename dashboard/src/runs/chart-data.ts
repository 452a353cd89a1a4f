import { inZone } from '../show/show-instant.js';
import type { RunKind } from './run-facts.js';
import type { Point } from './trend.js';

/** The series of a chart, in the order of its legend. What runs has no value yet. */
export const DRAWN_KINDS = ['success', 'warned', 'failed', 'dry'] as const satisfies readonly RunKind[];

/** A chart of few runs is as wide as one of so many: its bars stand at the right, where the newest ones are. */
const FEWEST_PLACES = 20;
/** A value of zero is a value: its bar is a line, and no gap. */
const ZERO_IS_SHARE = 0.02;

/** The number of each place, and for each kind the heights of its bars: null where a bar is of another kind. */
export type ChartData = [places: number[], ...kinds: (number | null)[][]];

export function chartData(points: readonly Point[]): ChartData {
  const zero = topOf(points) * ZERO_IS_SHARE;
  const heights = (kind: RunKind): (number | null)[] =>
    points.map((point) => {
      if (point.kind !== kind || point.value === undefined) return null;
      return Math.max(point.value, zero);
    });
  return [points.map((_, place) => place), ...DRAWN_KINDS.map(heights)];
}

/** Where the axis of the values ends. */
export function topOf(points: readonly Point[]): number {
  return Math.max(1, ...points.map(({ value }) => value ?? 0)) * 1.05;
}

/** The range of the places, half a bar wider on both sides. */
export function placesShown(length: number): [number, number] {
  return [Math.min(0, length - FEWEST_PLACES) - 0.5, length - 0.5];
}

/** When runs began, below their bars: as days, or as times where all are of one day. Places without a run have no label. */
export function placeLabels(points: readonly Point[], places: readonly number[], zone: string): string[] {
  const shown = points.map(({ run }) => (run.started_at === null ? undefined : inZone(run.started_at, zone)));
  const days = new Set(shown.flatMap((at) => (at === undefined ? [] : [at.day])));
  return places.map((place) => {
    const at = shown[place];
    if (at === undefined) return '';
    return days.size === 1 ? at.time : at.day.slice(5);
  });
}

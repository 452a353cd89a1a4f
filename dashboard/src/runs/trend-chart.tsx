import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { chartData, DRAWN_KINDS, placeLabels, placesShown, topOf } from './chart-data.js';
import type { RunKind } from './run-facts.js';
import { KIND_WORDS, type Metric, type Point } from './trend.js';

interface TrendChartProps {
  points: readonly Point[];
  metric: Metric;
  /** Of the job: the days below the bars are days there. */
  zone: string;
  /** What it says, for whoever does not see it. */
  label: string;
  /** The pointer is at this run, or undefined at none. */
  onPoint: (point: Point | undefined) => void;
  onChoose: (point: Point) => void;
}

const HEIGHT = 170;
const FONT = '12px system-ui, sans-serif';
/** Steps between the labels of an axis: whole runs; and times that people say, in ms. */
const WHOLE_STEPS = [1, 1e2, 1e4, 1e6].flatMap((times) => [1, 2, 5, 10, 20, 50].map((step) => step * times));
const TIME_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400].map(
    (seconds) => seconds * 1_000,
  ),
];

/** A bar for each run, the oldest first. All that the mouse does here the list of runs does, too. */
export function TrendChart({ points, metric, zone, label, onPoint, onChoose }: TrendChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLParagraphElement>(null);
  const newest = useRef({ onPoint, onChoose });
  newest.current = { onPoint, onChoose };
  useEffect(() => {
    if (frame.current === null || legend.current === null) return undefined;
    const colours = coloursOf(frame.current, legend.current);
    const chart = new uPlot(
      {
        ...optionsOf({ points, metric, zone, colours }),
        width: frame.current.clientWidth,
        height: HEIGHT,
        hooks: {
          setCursor: [({ cursor }) => newest.current.onPoint(pointAt(points, cursor.idx))],
        },
      },
      chartData(points),
      frame.current,
    );
    chart.over.addEventListener('click', () => {
      const chosen = pointAt(points, chart.cursor.idx);
      if (chosen !== undefined) newest.current.onChoose(chosen);
    });
    return keepFitting(chart, frame.current);
  }, [points, metric, zone]);
  return (
    <>
      <div ref={frame} class="trend-chart" role="img" aria-label={label} />
      <p ref={legend} class="row trend-legend">
        {DRAWN_KINDS.map((kind) => (
          <span key={kind}>
            <span class={`swatch ${kind}`} aria-hidden="true" data-kind={kind} /> {KIND_WORDS[kind]}
          </span>
        ))}
      </p>
    </>
  );
}

function pointAt(points: readonly Point[], place: number | null | undefined): Point | undefined {
  return place === null || place === undefined ? undefined : points[place];
}

/** Follows the width of its frame, and light and dark. @returns what ends it */
function keepFitting(chart: uPlot, frame: HTMLElement): () => void {
  const widths = new ResizeObserver(() => {
    if (frame.clientWidth !== chart.width) chart.setSize({ width: frame.clientWidth, height: HEIGHT });
  });
  widths.observe(frame);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => chart.redraw(false);
  dark.addEventListener('change', redraw);
  return () => {
    widths.disconnect();
    dark.removeEventListener('change', redraw);
    chart.destroy();
  };
}

interface Colours {
  axis: () => string;
  grid: () => string;
  kind: (kind: RunKind) => string;
}

/** A canvas knows no variables of CSS: it is told what has become of them, each time that it is drawn. */
function coloursOf(frame: HTMLElement, legend: HTMLElement): Colours {
  return {
    axis: () => getComputedStyle(frame).color,
    grid: () => getComputedStyle(frame).borderBottomColor,
    kind(kind) {
      const swatch = legend.querySelector(`[data-kind="${kind}"]`);
      return swatch === null ? '' : getComputedStyle(swatch).backgroundColor;
    },
  };
}

interface Drawn extends Pick<TrendChartProps, 'points' | 'metric' | 'zone'> {
  colours: Colours;
}

function optionsOf({ points, metric, zone, colours }: Drawn): Omit<uPlot.Options, 'width' | 'height'> {
  const bars = uPlot.paths.bars?.({ size: [0.75, 40, 2] });
  const axis = { stroke: colours.axis, font: FONT, ticks: { show: false } };
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => placesShown(points.length) },
      y: { range: () => [0, topOf(points)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: WHOLE_STEPS,
        space: 60,
        size: 28,
        values: (_, places) => placeLabels(points, places, zone),
      },
      {
        ...axis,
        grid: { stroke: colours.grid, width: 1 },
        incrs: metric.name === 'duration' ? TIME_STEPS : WHOLE_STEPS,
        size: 72,
        values: (_, values) => values.map((value) => (value === 0 ? '0' : metric.words(value))),
      },
    ],
    series: [
      {},
      ...DRAWN_KINDS.map((kind) => ({
        ...(bars && { paths: bars }),
        fill: () => colours.kind(kind),
        stroke: () => colours.kind(kind),
        width: 0,
        points: { show: false },
      })),
    ],
  };
}

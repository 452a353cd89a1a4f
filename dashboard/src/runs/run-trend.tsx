import { useMemo, useState } from 'preact/hooks';
import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo, place } from '../place/place.js';
import { inZone } from '../show/show-instant.js';
import { TrendChart } from './trend-chart.js';
import { metricOf, METRICS, pointsOf, pointWords, summaryOf, type Point } from './trend.js';

interface RunTrendProps {
  job: Pick<Schemas['ShownJob'], 'id' | 'time_zone'>;
  /** The newest ones that fit, newest first. */
  runs: readonly Schemas['RunInList'][];
}

/** How runs have changed over time: one number of them, which the address names, in words and as a chart. */
export function RunTrend({ job, runs }: RunTrendProps) {
  const { path, query } = place.value;
  const metric = metricOf(query.trend);
  const points = useMemo(() => pointsOf(runs, metric), [runs, metric]);
  const [pointed, setPointed] = useState<Point | undefined>(undefined);
  const summary = summaryOf(points);
  const zone = job.time_zone;
  const hrefOfRun = (runId: string): string => hrefOf(['jobs', job.id, 'runs', runId]);
  return (
    <section class="card trend" aria-labelledby="trend-title">
      <h2 id="trend-title" class="hidden">
        Trend of the newest {runs.length} runs
      </h2>
      <nav class="tabs" aria-label="Trend">
        {METRICS.map(({ name, title }, index) => (
          <a
            key={name}
            href={hrefOf(path, { ...query, trend: index === 0 ? undefined : name })}
            aria-current={name === metric.name ? 'true' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      {summary === undefined ? (
        <p class="quiet">No run here tells this number yet.</p>
      ) : (
        <>
          <p>
            Median {metric.words(summary.median)}, {metric.most}{' '}
            <a href={hrefOfRun(summary.most.run.run_id)}>{metric.words(summary.most.value)}</a>
            {summary.most.run.started_at !== null && (
              <span class="quiet"> ({inZone(summary.most.run.started_at, zone).text})</span>
            )}
            , of {summary.counted} {summary.isDry ? 'dry' : 'real'} {summary.counted === 1 ? 'run' : 'runs'}.
          </p>
          <TrendChart
            points={points}
            metric={metric}
            zone={zone}
            label={`${metric.title} of the newest ${points.length} runs, a bar for each; the list of runs has the same numbers`}
            onPoint={setPointed}
            onChoose={({ run }) => goTo(hrefOfRun(run.run_id))}
          />
          <p class="quiet trend-pointed" aria-hidden="true">
            {pointed === undefined ? 'Click on a bar for its run.' : pointWords(pointed, metric, zone)}
          </p>
        </>
      )}
    </section>
  );
}

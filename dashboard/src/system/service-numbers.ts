import type { Sample } from './parse-metrics.js';

/** What the metrics of an instance say; undefined: it does not tell, as while the store that knows is down. */
export interface ServiceNumbers {
  version: string | undefined;
  node: string | undefined;
  runsInProgress: number | undefined;
  /** In seconds, by follower; only the leader has them. */
  lags: readonly Named[];
  instances: number | undefined;
  instancesWithOtherSettings: number | undefined;
  clockOffSeconds: number | undefined;
  /** By status. */
  records: readonly Named[];
  /** In milliseconds since 1970; undefined also where nothing was ever written. */
  registryChangedAt: number | undefined;
  jobsSettledAhead: number | undefined;
  keysStaleSeconds: number | undefined;
  logLinesDropped: number | undefined;
  /** By reason, those that there were since this instance began. */
  refused: readonly Named[];
}

export interface Named {
  name: string;
  value: number;
}

const PREFIX = 'certification_cron_';

export function serviceNumbers(samples: readonly Sample[]): ServiceNumbers {
  const all = (name: string): Sample[] => samples.filter((sample) => sample.name === PREFIX + name);
  const one = (name: string): number | undefined => finite(all(name)[0]?.value);
  const by = (name: string, label: string): Named[] =>
    all(name).flatMap(({ labels, value }) => {
      const called = labels[label];
      return called === undefined || finite(value) === undefined ? [] : [{ name: called, value }];
    });
  const build = all('build_info')[0]?.labels;
  const changed = one('registry_last_change_timestamp_seconds');
  return {
    version: build?.version,
    node: build?.node,
    runsInProgress: one('runs_in_progress'),
    lags: by('lag_seconds', 'follower'),
    instances: one('instances'),
    instancesWithOtherSettings: one('instances_with_other_settings'),
    clockOffSeconds: one('clock_off_seconds'),
    records: by('certifications', 'status'),
    registryChangedAt: changed === undefined || changed <= 0 ? undefined : changed * 1_000,
    jobsSettledAhead: one('jobs_settled_ahead'),
    keysStaleSeconds: one('api_keys_file_stale_seconds'),
    logLinesDropped: one('log_lines_dropped_total'),
    refused: by('refused_requests_total', 'reason').filter(({ value }) => value > 0),
  };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

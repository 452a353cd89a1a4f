import { describe, expect, it } from '@jest/globals';
import { parseMetrics } from '../../../dashboard/src/system/parse-metrics.js';
import { serviceNumbers } from '../../../dashboard/src/system/service-numbers.js';

const of = (...lines: string[]) =>
  serviceNumbers(parseMetrics(lines.map((line) => `certification_cron_${line}`).join('\n')));

describe('the numbers of a service', () => {
  it('are those of its metrics', () => {
    expect(
      of(
        'build_info{version="1.2.3",node="22.1.0"} 1',
        'runs_in_progress 2',
        'lag_seconds{follower="jobs"} 0',
        'lag_seconds{follower="audit"} 12.5',
        'instances 3',
        'instances_with_other_settings 1',
        'clock_off_seconds -0.25',
        'certifications{status="active"} 160',
        'certifications{status="withdrawn"} 0',
        'registry_last_change_timestamp_seconds 1795839100.957',
        'jobs_settled_ahead 4',
        'api_keys_file_stale_seconds 60',
        'log_lines_dropped_total 7',
        'refused_requests_total{reason="no_credential"} 0',
        'refused_requests_total{reason="unknown_key"} 5',
      ),
    ).toEqual({
      version: '1.2.3',
      node: '22.1.0',
      runsInProgress: 2,
      lags: [
        { name: 'jobs', value: 0 },
        { name: 'audit', value: 12.5 },
      ],
      instances: 3,
      instancesWithOtherSettings: 1,
      clockOffSeconds: -0.25,
      records: [
        { name: 'active', value: 160 },
        { name: 'withdrawn', value: 0 },
      ],
      registryChangedAt: 1_795_839_100_957,
      jobsSettledAhead: 4,
      keysStaleSeconds: 60,
      logLinesDropped: 7,
      refused: [{ name: 'unknown_key', value: 5 }],
    });
  });

  it('that it does not tell are not taken for zero', () => {
    const { lags, records, refused, ...single } = of(
      'runs_in_progress NaN',
      'lag_seconds{follower="jobs"} NaN',
      'registry_last_change_timestamp_seconds 0',
    );
    expect([lags, records, refused]).toEqual([[], [], []]);
    expect(new Set(Object.values(single))).toEqual(new Set([undefined]));
  });

  it('are of this service alone', () => {
    expect(serviceNumbers(parseMetrics('instances 3\nother_instances 4')).instances).toBeUndefined();
  });
});

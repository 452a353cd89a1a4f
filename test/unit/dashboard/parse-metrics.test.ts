import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parseMetrics } from '../../../dashboard/src/system/parse-metrics.js';

describe('the text of metrics', () => {
  it('is read as samples, without what it says about them', () => {
    const text = [
      '# HELP up Whether it is up',
      '# TYPE up gauge',
      'up 1',
      'lag_seconds{follower="jobs"} 0.25',
      'lag_seconds{follower="audit",of="a, b",} 1e3 1795839100957',
      '',
      'bucket{le="+Inf"} +Inf',
      'nothing -Inf',
      'broken NaN\r',
    ].join('\n');
    expect(parseMetrics(text)).toEqual([
      { name: 'up', labels: {}, value: 1 },
      { name: 'lag_seconds', labels: { follower: 'jobs' }, value: 0.25 },
      { name: 'lag_seconds', labels: { follower: 'audit', of: 'a, b' }, value: 1_000 },
      { name: 'bucket', labels: { le: '+Inf' }, value: Infinity },
      { name: 'nothing', labels: {}, value: -Infinity },
      { name: 'broken', labels: {}, value: NaN },
    ]);
  });

  it.each(['', '<html>502</html>', 'up', 'up one', '{a="b"} 1', '1up 1', 'up{a="b" 1', '#up 1'])(
    'that is none has none: %j',
    (text) => {
      expect(parseMetrics(text)).toEqual([]);
    },
  );

  it('of any labels and values is read as it was meant', async () => {
    const labels = fc.record({ a: fc.string({ unit: 'binary' }), b: fc.string() });
    await fc.assert(
      fc.asyncProperty(labels, fc.double({ noNaN: true }), async (given, value) => {
        const registry = new Registry();
        new Gauge({ name: 'g', help: 'any\n# of "it"', labelNames: ['a', 'b'], registers: [registry] }).set(
          given,
          value,
        );
        const [sample] = parseMetrics(await registry.metrics());
        expect(sample?.name).toBe('g');
        expect(sample?.labels).toEqual(given);
        // Zero has no sign in the text.
        expect((sample?.value ?? NaN) + 0).toBe(value + 0);
      }),
    );
  });

  it('of each kind of metric is read', async () => {
    const registers = [new Registry()];
    new Counter({ name: 'c_total', help: 'c', registers }).inc(3);
    new Histogram({ name: 'h', help: 'h', buckets: [1, 2], registers }).observe(1.5);
    const samples = parseMetrics((await registers[0]?.metrics()) ?? '');
    expect(samples.map(({ name, value }) => [name, value])).toEqual([
      ['c_total', 3],
      ['h_bucket', 0],
      ['h_bucket', 1],
      ['h_bucket', 1],
      ['h_sum', 1.5],
      ['h_count', 1],
    ]);
  });

  it('takes no longer than its length, whatever is in it', () => {
    for (const piece of ['a{', '"', '\\', 'a="', ' ', 'a{a="b",'])
      expect(parseMetrics(`up{${piece.repeat(50_000)}`).length).toBeLessThan(2);
  }, 2_000);
});

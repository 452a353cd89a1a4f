import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { KcatMessage } from '../../servers/kcat.js';
import type { Violation } from '../../simulation/checkers/violation.js';
import { certificationOf } from '../../support/sample-documents.js';
import { checkFeed } from './check-feed.js';
import { checkResults } from './check-results.js';

// As in checks.test.ts: each accepts what is sound, and finds the fault in what is not.

const texts = (violations: readonly Violation[]): string => violations.map(({ text }) => text).join('\n');
const message = (key: string, changes: Partial<KcatMessage>): KcatMessage => ({
  partition: 0,
  offset: 0,
  at: 0,
  key,
  headers: {},
  payload: null,
  ...changes,
});

describe('the feed of certifications', () => {
  const record = (id: string, label: string) =>
    certificationOf({ certification_id: id, mentor_id: 'm', expires_at: '2026-04-01', labels: [label] });
  const state = (id: string, label: string | null) => ({
    key: id,
    value: label === null ? null : JSON.stringify(record(id, label)),
  });
  const sent = [state('a', '1'), state('b', '1'), state('a', '2'), state('b', null)];
  const messages = sent.map(({ key, value }) => message(key, { payload: value }));
  const registry = [record('a', '2')];

  it('accepts a registry that has what the topic says last, repeats too', () => {
    expect(checkFeed(sent, messages, registry)).toEqual([]);
    expect(checkFeed(sent, messages.concat(messages.slice(-1)), registry)).toEqual([]);
    expect(checkFeed(sent.slice(0, 3), messages, registry)).toEqual([]);
  });

  it('finds what the topic lost, and what the registry missed, has of earlier, kept or made up', () => {
    expect(texts(checkFeed([...sent, state('a', '3')], messages, registry))).toContain('not in the topic');
    expect(texts(checkFeed(sent, messages, []))).toContain('a has no record, where the topic says ["2"]');
    expect(texts(checkFeed(sent, messages, [record('a', '1')]))).toContain('a has ["1"]');
    expect(texts(checkFeed(sent, messages, [...registry, record('b', '1')]))).toContain('says no record');
    expect(texts(checkFeed(sent, messages, [...registry, record('c', '1')]))).toContain('never in the topic');
  });
});

describe('results of another service', () => {
  const event = (type: string, run_id: string, changes: Record<string, unknown> = {}) =>
    ({
      type,
      data: { cron_id: 'cron-1', run_id, error: null, ...changes },
      metadata: { causation_id: changes.by ?? null },
    }) as unknown as RecordedEvent;
  const events = [
    event('RunStarted', 'run-1'),
    event('RunStarted', 'run-2'),
    event('RunCompleted', 'run-1', { by: 'result-1' }),
    event('RunCompleted', 'run-2', { error: { code: 'timed_out' } }),
  ];
  const sound = {
    taken: ['run-1', 'run-2', 'run-1'],
    acknowledged: ['result-1', 'again-1'],
    results: ['result-1', 'result-1', 'again-1'].map((id) => message('run-1', { headers: { ce_id: id } })),
  };
  const check = (changes: Partial<typeof sound>, log = events): string =>
    texts(checkResults(log, { ...sound, ...changes }).violations);

  it('accepts the first one of each run, and a run that timed out; counts what was handed out again', () => {
    expect(checkResults(events, sound)).toEqual({ repeated: 1, timedOut: 1, violations: [] });
  });

  it('finds a run that was not handed out, a result that was lost or made up, and a second one that counts', () => {
    expect(check({ taken: ['run-1'] })).toContain('run-2 was never handed out');
    expect(check({ acknowledged: ['result-2'] })).toContain('result-2 was acknowledged');
    expect(check({ results: [], acknowledged: [] })).toContain('its first one is none');
    const second = event('RunCompleted', 'run-1', { by: 'again-1' });
    expect(check({}, [...events, second])).toContain('run-1 was completed by result again-1');
  });
});

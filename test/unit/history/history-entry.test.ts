import { describe, expect, it } from '@jest/globals';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { historyEntry } from '../../../src/history/history-entry.js';
import { sampleEvent } from '../../support/sample-events.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';

const CONFIG = { ...defaultJobConfig, name: 'nightly', cron_expression: '0 2 * * *' };

function recorded(type: string, data: Record<string, unknown>, version: number): RecordedEvent {
  const { id, metadata } = sampleEvent();
  return {
    id,
    type,
    data,
    metadata: { ...metadata, schema_version: type === 'CronJobPainted' ? 1 : 2 },
    stream: 'cronJob-cron-1',
    version,
    position: '7',
    recorded_at: '2026-01-01T00:00:00.000Z',
  };
}

describe('the entry of an event in the history of a job', () => {
  it('shows each field that an update has changed, from what to what', () => {
    const data = {
      cron_id: 'cron-1',
      changes: { enabled: false, description: 'off for the move' },
      reason: 'the office moves',
      updated_at: '2026-01-01T00:00:00.000Z',
    };
    const entry = historyEntry(recorded('CronJobUpdated', data, 2), CONFIG);
    expect(entry).toMatchObject({
      cron_id: 'cron-1',
      version: 2,
      at: '2026-01-01T00:00:00.000Z',
      actor: 'anonymous',
      reason: 'the office moves',
      changes: [
        { field: 'enabled', from: true, to: false },
        { field: 'description', from: null, to: 'off for the move' },
      ],
    });
  });

  it('shows what a declaration has changed that restores the job, and nothing of any other restore', () => {
    const runs = { key: 'team:nightly', labels: [], last_run_no: 0, records_checked: null, was_reset: false };
    const data = { cron_id: 'cron-1', ...CONFIG, ...runs, reason: null };
    const restored = (more: object) =>
      recorded('CronJobRestored', { ...data, ...more, restored_at: '2026-01-01T00:00:00.000Z' }, 3);
    expect(historyEntry(restored({ cron_expression: '0 3 * * *', enabled: false }), CONFIG).changes).toEqual([
      { field: 'cron_expression', from: '0 2 * * *', to: '0 3 * * *' },
      { field: 'enabled', from: true, to: false },
    ]);
    expect(historyEntry(restored({}), CONFIG).changes).toBeNull();
    expect(historyEntry(restored({}), null).changes).toBeNull();
  });

  it('shows each field of a new job as come', () => {
    const data = { cron_id: 'cron-1', ...CONFIG, created_at: '2026-01-01T00:00:00.000Z' };
    const { changes } = historyEntry(recorded('CronJobScheduled', data, 1), undefined);
    expect(changes).toHaveLength(Object.keys(CONFIG).length);
    expect(changes).toContainEqual({ field: 'name', from: null, to: 'nightly' });
  });

  it('shows an event of a type that this version does not know as it stands in the log', () => {
    const entry = historyEntry(recorded('CronJobPainted', { colour: 'green' }, 3), undefined);
    expect(entry).toMatchObject({ at: null, reason: null, changes: null, data: { colour: 'green' } });
  });
});

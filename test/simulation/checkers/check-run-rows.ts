import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { reporting, type Violation } from './violation.js';

/** The promise about the read models, checked without the code that makes them: clients see what happened. */
export async function checkRunRows(events: readonly RecordedEvent[], store: ReadStore): Promise<Violation[]> {
  const { violations, report } = reporting('clients are shown what happened');
  const runs = new Map<string, string>();
  const jobs = new Map<string, { runs: number; deleted: boolean; enabled: boolean }>();
  for (const { type, data } of events) {
    const cronId = String(data.cron_id);
    const job = jobs.get(cronId) ?? { runs: 0, deleted: false, enabled: false };
    if (type === 'CronJobScheduled') jobs.set(cronId, { ...job, enabled: data.enabled === true });
    const { enabled } = (data.changes ?? {}) as { enabled?: boolean };
    if (enabled !== undefined) job.enabled = enabled;
    if (type === 'CronJobDeleted') job.deleted = true;
    if (type === 'CronJobRestored') job.deleted = false;
    if (type === 'RunStarted') job.runs++;
    if (type === 'RunStarted') runs.set(String(data.run_id), summary(data, 'running', null));
    if (type === 'RunCompleted') {
      const started = runs.get(String(data.run_id))?.split(' ')[0];
      runs.set(String(data.run_id), `${started} ${String(data.status)} ${JSON.stringify(data.result)}`);
    }
  }
  for await (const page of store.readAll('runs')) {
    for (const { key, document } of page) {
      const shown = summary({ slot: document.slot }, document.status, document.result);
      if (runs.get(key) !== shown) report(`${key} is shown as ${shown}, it is ${runs.get(key)}`);
      runs.delete(key);
    }
  }
  for (const run of runs.keys()) report(`${run} is not shown`);
  for await (const page of store.readAll('jobs')) {
    for (const { key, document } of page) {
      const shown = {
        runs: document.run_count,
        deleted: document.deleted_at !== null,
        enabled: document.enabled,
      };
      if (JSON.stringify(shown) !== JSON.stringify(jobs.get(key)))
        report(`is shown as ${JSON.stringify(shown)}, it is ${JSON.stringify(jobs.get(key))}`, key);
      jobs.delete(key);
    }
  }
  for (const cronId of jobs.keys()) report('is not shown', cronId);
  return violations;
}

function summary({ slot }: Record<string, unknown>, status: string, result: unknown): string {
  return `${String(slot)} ${status} ${JSON.stringify(result)}`;
}

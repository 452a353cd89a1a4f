import type { Projection } from './projection.js';

/** What happened to each run. */
export const runsProjection: Projection<'runs'> = {
  model: 'runs',
  keyOf(event) {
    switch (event.type) {
      case 'RunStarted':
      case 'RunCompleted':
      case 'RunResultRejected':
        return event.data.run_id;
      case 'CronJobScheduled':
      case 'CronJobUpdated':
      case 'CronJobDeleted':
      case 'CronJobRestored':
      case 'RunSkipped':
      case 'ScheduleFailed':
      case 'RequestAccepted':
      case 'WatermarkReset':
      case 'ReminderRequested':
        return undefined;
    }
  },
  evolve(run, event) {
    switch (event.type) {
      case 'RunStarted': {
        const { cron_id, run_id, run_no, trigger, slot, dry_run, rules, reason, started_at, late_by_ms } =
          event.data;
        return {
          run_id,
          cron_id,
          run_no,
          trigger,
          slot,
          dry_run,
          rules,
          reason,
          started_at,
          late_by_ms,
          completed_at: null,
          status: 'running',
          result: null,
          error: null,
          late_result_at: null,
        };
      }
      case 'RunCompleted': {
        const { status, result, error, completed_at } = event.data;
        return run && { ...run, status, result, error, completed_at };
      }
      case 'RunResultRejected':
        return run && { ...run, late_result_at: event.data.rejected_at };
      default:
        return run;
    }
  },
};

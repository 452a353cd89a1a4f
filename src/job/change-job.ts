import { defaultJobConfig, isSameSetting, type JobConfig } from '../events/job-config.js';
import type { JobEvent } from '../events/parse-event.js';
import { toTimestamp } from '../events/timestamp.js';
import { assertEverDue, scheduleOf } from '../schedule/slots.js';
import { changesSchedule } from './changed-config.js';
import type { CronJob } from './cron-job.js';
import { DomainError, hasMoved, noSuchJob } from './domain-error.js';
import { Draft, type DecideOptions } from './draft.js';
import type { JobChange, NewConfig } from './job-command.js';
import { isAhead } from './settled-ahead.js';

/**
 * What clients do to a job itself, decided: like `decide`, which it is a part of.
 * @throws DomainError, ScheduleError
 */
export function changeJob(job: CronJob | undefined, command: JobChange, options: DecideOptions): JobEvent[] {
  switch (command.type) {
    case 'ScheduleCronJob':
      return schedule(job, { config: command.config, key: command.key ?? null }, options);
    case 'DeclareCronJob':
      return declare(job, command, options);
    case 'RestoreCronJob':
      return restore(job, command, options);
    case 'UpdateCronJob':
      return onPresent(job, options, (draft) => {
        update(draft, command);
      });
    case 'DeleteCronJob':
      return onPresent(job, options, (draft) => {
        remove(draft, command.reason);
      });
    case 'ResetWatermark':
      return onPresent(job, options, (draft) => {
        reset(draft, command.reason);
      });
  }
}

function onPresent(
  job: CronJob | undefined,
  options: DecideOptions,
  step: (draft: Draft) => void,
): JobEvent[] {
  if (job === undefined || job.deleted) throw noSuchJob(options.cronId, job !== undefined);
  const draft = new Draft(job, options);
  step(draft);
  return draft.events;
}

/** @param key of a job that is declared */
function schedule(
  job: CronJob | undefined,
  { config: wanted, key }: { config: NewConfig; key: string | null },
  options: DecideOptions,
): JobEvent[] {
  const { cronId, now } = options;
  if (job !== undefined) throw new DomainError('cron_id_taken', `${cronId} exists already`);
  const config: JobConfig = { ...defaultJobConfig, ...wanted };
  assertScheduleIsDue(config, options);
  const data = { cron_id: cronId, key, ...config, created_at: toTimestamp(now) };
  return [{ type: 'CronJobScheduled', data }];
}

/** A job that is so already gets no event, so the same declaration may be sent at any time, by anybody. */
function declare(
  job: CronJob | undefined,
  { key, config: wanted, reason, deleted }: Extract<JobChange, { type: 'DeclareCronJob' }>,
  options: DecideOptions,
): JobEvent[] {
  if (job === undefined) return schedule(job, { config: wanted, key }, options);
  const config: JobConfig = { ...defaultJobConfig, ...wanted };
  if (!job.deleted) {
    return onPresent(job, options, (draft) => {
      update(draft, { changes: config, reason });
    });
  }
  if (deleted === undefined) throw hasMoved(options.cronId);
  assertScheduleIsDue(config, options);
  return restore(job, { deleted: { ...deleted, config }, reason }, options);
}

/** It is as it was at the delete, but owes nothing for the time between, and a schedule that failed is tried again. */
function restore(
  job: CronJob | undefined,
  { deleted, reason }: Pick<Extract<JobChange, { type: 'RestoreCronJob' }>, 'deleted' | 'reason'>,
  options: DecideOptions,
): JobEvent[] {
  if (job === undefined)
    throw new DomainError('cron_job_not_found', `there has never been a cron job ${options.cronId}`);
  if (!job.deleted) throw new DomainError('not_deleted', `${job.cron_id} is not deleted`);
  const draft = new Draft(deleted, options);
  const { cron_id, key, config, last_run_no, records_checked, was_reset } = deleted;
  const known = { cron_id, key, ...config, last_run_no, records_checked, was_reset };
  draft.emit({ type: 'CronJobRestored', data: { ...known, reason, restored_at: draft.at } });
  countFromNow(draft, reason);
  draft.tryOutSchedule();
  return draft.events;
}

function update(
  draft: Draft,
  { changes, reason, reverted_to }: Omit<Extract<JobChange, { type: 'UpdateCronJob' }>, 'type'>,
): void {
  const before = draft.job.config;
  const changed = Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => !isSameSetting(value, before[field as keyof JobConfig]),
    ),
  ) as Partial<JobConfig>;
  if (Object.keys(changed).length === 0) return;
  const after = { ...before, ...changed };
  if (changesSchedule(before, after)) assertScheduleIsDue(after, draft.options);
  if (changesSchedule(before, after) || before.enabled !== after.enabled) countFromNow(draft, reason);
  if (before.enabled && !after.enabled) draft.settleEverything('disabled');
  else if (changesSchedule(before, after)) draft.settleEverything('schedule_changed');
  draft.emit({
    type: 'CronJobUpdated',
    data: {
      cron_id: draft.job.cron_id,
      changes: changed,
      reason,
      reverted_to: reverted_to ?? null,
      updated_at: draft.at,
    },
  });
}

function remove(draft: Draft, reason: string | null): void {
  countFromNow(draft, reason);
  draft.settleEverything('deleted');
  const { cron_id } = draft.job;
  draft.emit({ type: 'CronJobDeleted', data: { cron_id, reason, deleted_at: draft.at } });
}

/** A client's change counts from the time that it is, not from the one that a clock once showed. */
function countFromNow(draft: Draft, reason: string | null): void {
  if (isAhead(draft.job, draft.now)) draft.resetWatermark(reason);
}

function reset(draft: Draft, reason: string | null): void {
  if (!isAhead(draft.job, draft.now))
    throw new DomainError('not_settled_ahead', `no slot of ${draft.job.cron_id} was settled before its time`);
  draft.resetWatermark(reason);
}

/** @throws ScheduleError when no slot will ever come */
function assertScheduleIsDue({ cron_expression, time_zone }: JobConfig, options: DecideOptions): void {
  assertEverDue(scheduleOf(cron_expression, time_zone, options), options.now);
}

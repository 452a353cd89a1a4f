import type { NextSlotsBody, PreviewBody } from '../answers/schedule-answers.js';
import { statusOf, type CronJob } from '../job/cron-job.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import { describeSchedule } from '../schedule/describe-schedule.js';
import { dstNotes } from '../schedule/dst-notes.js';
import type { SlotPreview } from '../schedule/preview-slots.js';
import type { Schedule } from '../schedule/slots.js';

const YEAR_MS = 366 * 86_400_000;

export function nextSlotsBody(job: CronJob, slots: readonly SlotPreview[]): NextSlotsBody {
  return {
    cron_id: job.cron_id,
    cron_expression: job.config.cron_expression,
    time_zone: job.config.time_zone,
    status: statusOf(job),
    data: slots.map(slotBody),
  };
}

/** @param from epoch milliseconds; the notes cover the slots, and a year from then at least */
export function previewBody(
  { schedule, timeZone, from }: { schedule: Schedule; timeZone: string; from: number },
  slots: readonly SlotPreview[],
): PreviewBody {
  const { text } = schedule.expression;
  return {
    cron_expression: text,
    time_zone: timeZone,
    description: describeSchedule(text),
    from: toWholeSeconds(toTimestamp(from)),
    data: slots.map(slotBody),
    notes: dstNotes(schedule, from, Math.max(from + YEAR_MS, slots.at(-1)?.slot ?? from)),
  };
}

function slotBody({ slot, local, note }: SlotPreview) {
  return { slot: toWholeSeconds(toTimestamp(slot)), local, note };
}

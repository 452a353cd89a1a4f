import * as z from 'zod';
import { defaultJobConfig } from '../events/job-config.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { freeText, jobFields } from './job-fields.js';
import { instant, positive, yesOrNo } from './query-text.js';
import { confirmedReminders } from './rule-fields.js';
import { waitSeconds } from './wait-seconds.js';
import { wholeNumber } from './whole-number.js';

const MOST_SLOTS = 100;
const USUAL_SLOTS = 10;

/** The bodies and parameters that clients send: unknown fields are refused, each message says what is allowed. */
export function jobRequests(options: ParseOptions) {
  const fields = jobFields(options);
  const { name, cron_expression, ...optional } = fields;
  const create = z.strictObject({ name, cron_expression, ...z.object(optional).partial().shape });
  return {
    create,
    declare: create.extend({ reason: freeText.nullish() }),
    update: z.strictObject({
      ...z.object(fields).partial().shape,
      reason: freeText.nullish(),
    }),
    remove: z.strictObject({ reason: freeText.nullish() }),
    reset: z.strictObject({ reason: freeText.nullish() }),
    cancel: z.strictObject({ reason: freeText.nullish() }),
    execute: z.strictObject({
      dry_run: z.boolean('must be true or false').optional(),
      confirm_reminders: confirmedReminders.optional(),
      reason: freeText.nullish(),
    }),
    executeQuery: z.strictObject({
      dry_run: yesOrNo().optional(),
      wait: waitSeconds,
    }),
    run: z.strictObject({ wait: waitSeconds }),
    page: z.strictObject({
      page: positive(1_000_000, 1).default(1),
      limit: positive(100, 20).default(20),
    }),
    slots: z.strictObject({
      from: instant().optional(),
      to: instant().optional(),
      limit: positive(MOST_SLOTS, MOST_SLOTS).default(MOST_SLOTS),
    }),
    next: z.strictObject({ count: positive(MOST_SLOTS, USUAL_SLOTS).default(USUAL_SLOTS) }),
    preview: z.strictObject({
      cron_expression,
      time_zone: fields.time_zone.default(defaultJobConfig.time_zone),
      count: wholeNumber(1, MOST_SLOTS).default(USUAL_SLOTS),
      from: instant().optional(),
    }),
  };
}

export type JobRequests = ReturnType<typeof jobRequests>;

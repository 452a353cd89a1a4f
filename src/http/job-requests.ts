import * as z from 'zod';
import { defaultJobConfig } from '../events/job-config.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { END_OF_PREVIEWS } from '../schedule/local-times.js';
import { FIRST_INSTANT } from '../schedule/zone-offsets.js';
import { freeText, jobFields, oneOf } from './job-fields.js';
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
      dry_run: oneOf(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
      wait: waitSeconds,
    }),
    run: z.strictObject({ wait: waitSeconds }),
    page: z.strictObject({
      page: positive('page', 1_000_000).default(1),
      limit: positive('limit', 100).default(20),
    }),
    slots: z.strictObject({
      from: instant().optional(),
      to: instant().optional(),
      limit: positive('limit', MOST_SLOTS).default(MOST_SLOTS),
    }),
    next: z.strictObject({ count: positive('count', MOST_SLOTS).default(USUAL_SLOTS) }),
    preview: z.strictObject({
      cron_expression,
      time_zone: fields.time_zone.default(defaultJobConfig.time_zone),
      count: wholeNumber(1, MOST_SLOTS).default(USUAL_SLOTS),
      from: instant().optional(),
    }),
  };
}

export type JobRequests = ReturnType<typeof jobRequests>;

/** Query parameters are texts. */
export function positive(name: string, maximum: number) {
  const message = `must be a whole number from 1 to ${maximum}`;
  return z
    .string({ error: message })
    .regex(/^\d{1,9}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(1, message).max(maximum, message))
    .meta({ title: name });
}

/** @returns epoch milliseconds */
export function instant() {
  const message =
    'must be an RFC 3339 instant in UTC such as 2026-03-08T07:00:00Z, in the years 1970 to 2100';
  return z
    .string(message)
    .regex(/T\d\d:\d\d:\d\d/, { error: message, abort: true })
    .check(z.iso.datetime({ error: message, abort: true }))
    .transform(fromTimestamp)
    .refine((at) => at >= FIRST_INSTANT * 1000 && at < END_OF_PREVIEWS, message);
}

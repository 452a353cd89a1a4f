import * as z from 'zod';
import { defaultJobConfig, type JobConfig } from '../events/job-config.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { parseCronExpression } from '../schedule/parse-expression.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { END_OF_PREVIEWS } from '../schedule/local-times.js';
import { assertTimeZone } from '../schedule/time-zone.js';
import { FIRST_INSTANT, loadZoneData } from '../schedule/zone-offsets.js';
import { confirmedReminders, labelsField, ruleFields } from './rule-fields.js';
import { wholeNumber } from './whole-number.js';

const MOST_SLOTS = 100;
const USUAL_SLOTS = 10;

const text = someText('must be a text or null');

/** The bodies and parameters that clients send: unknown fields are refused, each message says what is allowed. */
export function jobRequests(options: ParseOptions) {
  loadZoneData();
  const fields = {
    name: z
      .string('must be a text of 1 to 128 characters')
      .trim()
      .min(1, 'must be a text of 1 to 128 characters')
      .max(128, 'must be a text of 1 to 128 characters')
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates'),
    cron_expression: z
      .string('must be a text such as "0 2 * * *"')
      .check(reportingScheduleErrors((text) => parseCronExpression(text, options)))
      // After the check: it would also drop blanks that are no ASCII.
      .transform((text) => text.trim()),
    time_zone: z
      .string('must be an IANA name such as Asia/Kolkata')
      .trim()
      .check(reportingScheduleErrors(assertTimeZone)),
    enabled: z.boolean('must be true or false'),
    description: text.nullable(),
    misfire_grace_seconds: wholeNumber(0, 86_400),
    catchup_policy: oneOf(['latest', 'all', 'skip']),
    catchup_window_seconds: wholeNumber(10, 31_536_000),
    concurrency_policy: oneOf(['forbid', 'allow']),
    timeout_seconds: wholeNumber(1, 604_800),
    reminder_thresholds: ruleFields.reminder_thresholds,
    select: ruleFields.select,
    max_reminders: ruleFields.max_reminders,
    labels: labelsField,
  } satisfies { [F in keyof JobConfig]: z.ZodType<JobConfig[F]> };
  const { name, cron_expression, ...optional } = fields;
  return {
    create: z.strictObject({ name, cron_expression, ...z.object(optional).partial().shape }),
    update: z.strictObject({
      ...z.object(fields).partial().shape,
      reason: text.nullish(),
    }),
    remove: z.strictObject({ reason: text.nullish() }),
    reset: z.strictObject({ reason: text.nullish() }),
    cancel: z.strictObject({ reason: text.nullish() }),
    execute: z.strictObject({
      dry_run: z.boolean('must be true or false').optional(),
      confirm_reminders: confirmedReminders.optional(),
      reason: text.nullish(),
    }),
    executeQuery: z.strictObject({
      dry_run: oneOf(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
    }),
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

/** What people say, such as a reason. @param message for what is no text */
export function someText(message: string) {
  return z
    .string(message)
    .max(1000, 'must have at most 1000 characters')
    .regex(/^\P{Cs}*$/u, 'must not contain unpaired surrogates')
    .regex(/^[\P{Cc}\t\n\r]*$/u, 'must not contain control characters but tabs and line ends');
}

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

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

function reportingScheduleErrors(use: (text: string) => unknown) {
  return (context: z.core.ParsePayload<string>): void => {
    try {
      use(context.value);
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: context.value });
    }
  };
}

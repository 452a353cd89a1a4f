import * as z from 'zod';
import type { JobConfig } from '../events/job-config.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { parseCronExpression } from '../schedule/parse-expression.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { assertTimeZone } from '../schedule/time-zone.js';
import { loadZoneData } from '../schedule/zone-offsets.js';
import { asDocumented, ONE_LINE_NOT_BLANK } from './as-documented.js';
import { oneOf } from './query-text.js';
import { labelsField, ruleFields } from './rule-fields.js';
import { wholeNumber } from './whole-number.js';

/** Free text of a client, such as a reason. */
export const freeText = someText('must be a text or null');

/** The fields of a job that a client sets; each message says what is allowed. */
export function jobFields(options: ParseOptions) {
  loadZoneData();
  return {
    name: z
      .string('must be a text of 1 to 128 characters')
      .trim()
      .min(1, 'must be a text of 1 to 128 characters')
      .max(128, 'must be a text of 1 to 128 characters')
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates')
      .meta(asDocumented({ type: 'string', minLength: 1, maxLength: 128, pattern: ONE_LINE_NOT_BLANK })),
    cron_expression: z
      .string('must be a text such as "0 2 * * *"')
      .check(reportingScheduleErrors((text) => parseCronExpression(text, options)))
      // After the check: it would also drop blanks that are no ASCII.
      .transform((text) => text.trim())
      .meta(asDocumented({ type: 'string', format: 'cron', examples: ['0 2 * * *'] })),
    time_zone: z
      .string('must be an IANA name such as Asia/Kolkata')
      .trim()
      .check(reportingScheduleErrors(assertTimeZone))
      .meta(asDocumented({ type: 'string', format: 'time-zone', examples: ['Asia/Kolkata'] })),
    enabled: z.boolean('must be true or false'),
    description: freeText.nullable(),
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
}

/** What people say, such as a reason. @param message for what is no text */
export function someText(message: string) {
  return z
    .string(message)
    .max(1000, 'must have at most 1000 characters')
    .regex(/^\P{Cs}*$/u, 'must not contain unpaired surrogates')
    .regex(/^[\P{Cc}\t\n\r]*$/u, 'must not contain control characters but tabs and line ends');
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

import { cronExpressionOf, type CronExpression, type ParseOptions } from './cron-expression.js';
import { readCronFields } from './cron-fields.js';
import { readLenientFields } from './lenient-fields.js';
import { ScheduleError } from './schedule-error.js';

const ALIASES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MAX_LENGTH = 256;
/** All but printable ASCII and its white space. */
const STRANGE = /[^\t-\r -~]/u;
/** Between fields there are blanks and tabs. */
const STRANGE_INSIDE = /[^\t -~]/u;

/**
 * Parses 5 fields (minute hour day-of-month month day-of-week; POSIX crontab, plus names, steps, `L`, `nL` and `#`)
 * or an alias. A day matches day-of-month OR day-of-week when both are restricted, as POSIX says.
 * @throws ScheduleError invalid_cron_expression, with what is allowed
 */
export function parseCronExpression(text: string, options: ParseOptions): CronExpression {
  const texts = fieldTexts(text, options);
  // What looks like a blank or a letter need not be one: the upper case of some others is an ASCII letter.
  const [strange] = STRANGE.exec(text) ?? STRANGE_INSIDE.exec(text.trim()) ?? [];
  if (strange !== undefined) refuse(`the character ${codeOf(strange)} is not allowed`, options);
  return cronExpressionOf(text.trim(), readCronFields(texts));
}

/**
 * As `parseCronExpression`, but takes what earlier versions took as well, and as they read it: what a job was created
 * with keeps its meaning.
 * @throws ScheduleError invalid_cron_expression when it never was allowed
 */
export function parseStoredExpression(text: string, options: ParseOptions): CronExpression {
  try {
    return parseCronExpression(text, options);
  } catch (refusal) {
    try {
      return cronExpressionOf(text.trim(), readLenientFields(fieldTexts(text, options)));
    } catch {
      throw refusal;
    }
  }
}

/** @returns six texts in upper case, of which the first is that of the seconds */
function fieldTexts(text: string, options: ParseOptions): string[] {
  if (text.length > MAX_LENGTH) refuse(`longer than ${MAX_LENGTH} characters`, options);
  const trimmed = text.trim();
  if (trimmed === '') refuse('empty', options);
  const written = trimmed.startsWith('@')
    ? (ALIASES[trimmed.toLowerCase()] ?? refuse('unknown alias', options))
    : trimmed.toUpperCase();
  const fields = written.split(/\s+/);
  if (fields.length === 5) return ['0', ...fields];
  if (fields.length === 6 && options.allowSeconds) return fields;
  return refuse(`${fields.length} ${fields.length === 1 ? 'field' : 'fields'} given`, options);
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function refuse(reason: string, options: ParseOptions): never {
  throw new ScheduleError(
    'invalid_cron_expression',
    'cron_expression',
    `${reason}; allowed: ${allowedText(options)}`,
  );
}

function allowedText({ allowSeconds }: ParseOptions): string {
  const fields = allowSeconds ? '5 fields (6 with leading seconds)' : '5 fields';
  return `${fields} "minute hour day-of-month month day-of-week", or one of ${Object.keys(ALIASES).join(' ')}`;
}

import { CronExpressionParser } from 'cron-parser';
import type { CronFields } from './cron-fields.js';

/**
 * Reads the fields as earlier versions did, which took more than the grammar, such as a name anywhere in a field or a step
 * larger than the field. For jobs whose expression was accepted then: they go on as they are.
 * @param texts as those of `readCronFields`
 * @throws Error when earlier versions refused it as well
 */
export function readLenientFields(texts: readonly string[]): CronFields {
  if (texts.some(isAmbiguous)) throw new Error('never was accepted');
  const { fields } = CronExpressionParser.parse(texts.join(' '));
  const weekdays = numbers(fields.dayOfWeek.values).map((weekday) => weekday % 7);
  const lastWeekdays = fields.dayOfWeek.values.filter((value) => typeof value === 'string');
  return {
    seconds: new Set(numbers(fields.second.values)),
    minutes: new Set(numbers(fields.minute.values)),
    hours: new Set(numbers(fields.hour.values)),
    days: new Set(numbers(fields.dayOfMonth.values)),
    lastDay: fields.dayOfMonth.values.some((value) => value === 'L'),
    months: new Set(numbers(fields.month.values)),
    weekdays: new Set(weekdays),
    lastWeekdays: new Set(lastWeekdays.map((value) => Number.parseInt(value, 10) % 7)),
    nth: fields.dayOfWeek.nthDay,
  };
}

const MONTH = 4;
const WEEKDAY = 5;

/** The parser draws H at random, and takes ? and L for a value where they mean none. */
function isAmbiguous(field: string, index: number): boolean {
  // Of the names only THU has an H.
  if (field.replaceAll('THU', '').includes('H')) return true;
  if (field.includes('?') && (index < MONTH - 1 || index === MONTH)) return true;
  return index === WEEKDAY && /(^|,)L/.test(field);
}

function numbers(values: readonly (number | string)[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

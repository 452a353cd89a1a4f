import type { components } from '../api/openapi.js';
import { count } from '../show/show-duration.js';

type Schemas = components['schemas'];

/** What a warning says, of a run or of a forecast. @param isDry a real run would have stopped, and this one went on */
export function warningWords(warning: Schemas['RunWarning'], { isDry }: { isDry: boolean }): string {
  switch (warning.code) {
    case 'registry_empty':
      return 'The registry has no records: there is nothing to check.';
    case 'registry_shrank':
      return `Only ${count(warning.records)} records in the registry, after ${count(warning.before)} at the last run that succeeded: some may be missing.`;
    case 'registry_stale':
      return `Nothing was written to the registry for ${count(warning.hours)} hours, and ${count(warning.limit)} are allowed: renewals may be missing.`;
    case 'records_unreadable':
      return `${count(warning.unreadable)} of ${count(warning.records)} records cannot be read: nobody is reminded of them.`;
    case 'too_many_reminders':
      return `${count(warning.reminders)} reminders are due, and ${count(warning.limit)} are allowed: ${isDry ? 'a real run would stop, and ask for none until somebody confirms them' : 'the run stopped, and asked for none'}.`;
    default:
      return unknownCode(warning);
  }
}

/** A newer service may warn of more. */
function unknownCode({ code }: { code: string }): string {
  return `${code.replaceAll('_', ' ')}.`;
}

const ERRORS: Readonly<Record<string, string>> = {
  timed_out: 'It had no result in time, and was ended.',
  cancelled: 'It was cancelled by hand. The reason that was given:',
  too_many_reminders: 'The brake stopped it before it asked for too many reminders.',
  check_failed: 'The check failed. A next run does all of it again, and reminds nobody twice.',
};

/** What the code of an error means, before its message. Codes of an executor mean what it says. */
export function errorWords(code: string): string {
  return ERRORS[code] ?? 'The executor has reported this error:';
}

/** Thresholds as people say them: 30 and 7 days before, on the day, 3 days after. */
export function thresholdWords(thresholds: readonly number[]): string {
  const before = thresholds.filter((days) => days > 0);
  const after = thresholds.filter((days) => days < 0).map((days) => -days);
  return [
    before.length > 0 && `${before.join(', ')} ${daysOf(before)} before the expiry`,
    thresholds.includes(0) && 'on the day',
    after.length > 0 && `${after.join(', ')} ${daysOf(after)} after it`,
  ]
    .filter(Boolean)
    .join(', ');
}

function daysOf(days: readonly number[]): string {
  return days.length === 1 && days[0] === 1 ? 'day' : 'days';
}

/** What a job is about, where it is not about all. */
export function selectionWords({ types, labels }: Schemas['Selection']): string {
  const words = [types && `types ${types.join(', ')}`, labels && `labels ${labels.join(', ')}`];
  return words.filter(Boolean).join(' and ');
}

type Limits = Pick<Schemas['RunRules'], 'max_reminders' | 'confirm_reminders'>;

/** How many reminders a run may ask for, and who says so. */
export function limitWords({ max_reminders, confirm_reminders }: Limits): string {
  if (confirm_reminders !== null) return `at most ${count(confirm_reminders)}, confirmed for this run alone`;
  if (max_reminders === null) return '1,000, or a tenth of the records where that is more';
  return max_reminders === 0 ? 'no limit' : `at most ${count(max_reminders)}`;
}

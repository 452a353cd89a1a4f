import { count } from '../show/show-duration.js';

/** The largest of the thresholds that the service has by itself. */
const SOON_DAYS = 30;

export interface DaysLeftWords {
  words: string;
  /** What the colour of the `tone` repeats; undefined where nothing is near. */
  state: 'expired' | 'due soon' | undefined;
  tone: 'bad' | 'odd' | 'quiet';
}

/** @param days until the last day of validity; negative when it has expired */
export function daysLeftWords(days: number): DaysLeftWords {
  if (days < 0) return { words: `${daysWords(-days)} ago`, state: 'expired', tone: 'bad' };
  const words = days === 0 ? 'today' : `in ${daysWords(days)}`;
  if (days <= SOON_DAYS) return { words, state: 'due soon', tone: 'odd' };
  return { words, state: undefined, tone: 'quiet' };
}

/** @param threshold in days before the expiry; negative after it */
export function thresholdWords(threshold: number): string {
  if (threshold === 0) return 'on the day of expiry';
  return `${daysWords(Math.abs(threshold))} ${threshold > 0 ? 'before' : 'after'} expiry`;
}

function daysWords(days: number): string {
  return `${count(days)} ${days === 1 ? 'day' : 'days'}`;
}

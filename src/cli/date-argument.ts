import { InvalidArgumentError } from 'commander';
import { forecastDate } from '../http/certification-requests.js';

/** Reads a date (YYYY-MM-DD). @throws InvalidArgumentError */
export function dateArgument(given: string): string {
  const parsed = forecastDate.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join('; '));
}

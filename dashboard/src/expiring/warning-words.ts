import type { components } from '../api/openapi.js';
import { count } from '../show/show-duration.js';

type RunWarning = components['schemas']['RunWarning'];

/** What to look at before a run is trusted. */
export function warningWords(warning: RunWarning): string {
  switch (warning.code) {
    case 'registry_empty':
      return 'The registry has no records: nothing is checked.';
    case 'registry_shrank':
      return `The registry has ${count(warning.records)} records, and had ${count(warning.before)} at the last good run: some may be missing.`;
    case 'registry_stale':
      return `Nobody has written to the registry for ${count(warning.hours)} hours, ${count(warning.limit)} are allowed: what is shown may be old.`;
    case 'records_unreadable':
      return `${count(warning.unreadable)} of ${count(warning.records)} records cannot be read: nobody is reminded of them.`;
    case 'too_many_reminders':
      return `${count(warning.reminders)} reminders would be asked for, and ${count(warning.limit)} are allowed: a real run would stop and ask for none, until somebody confirms so many.`;
    default:
      return unknownCode(warning);
  }
}

/** A service that is newer than this page may warn of more. */
function unknownCode({ code }: { code: string }): string {
  return `The run warns: ${code.replaceAll('_', ' ')}.`;
}

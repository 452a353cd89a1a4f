import type { RunWarning } from '../events/job-events.js';

/** What a run warns of, in words for people. */
export function tellRunWarning(warning: RunWarning): string {
  switch (warning.code) {
    case 'registry_empty':
      return 'the registry had no records: nothing was checked';
    case 'registry_shrank':
      return `the registry had ${warning.records} records, and ${warning.before} at the last good run before: check whether some are missing`;
    case 'registry_stale':
      return `nobody had written to the registry for ${warning.hours} hours, ${warning.limit} are allowed: certifications may have been renewed meanwhile`;
    case 'records_unreadable':
      return `${warning.unreadable} of ${warning.records} records could not be read: nobody is reminded of them`;
    case 'too_many_reminders':
      return `${warning.reminders} reminders were due and ${warning.limit} are allowed: a real run would ask for none`;
  }
}

/** The type of an event in words: `CronJobScheduled` is "cron job scheduled". New types read as they are called. */
export function eventWords(type: string): string {
  return type
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^cron job/, 'job');
}

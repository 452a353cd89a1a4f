import type { components } from '../api/openapi.js';

type JobEvent = components['schemas']['JobEvent'];

/** What has happened, in two or three words. Types that are new here read as they are called: `JobPraised` is "job praised". */
export function eventWords({ type, data, changes }: Pick<JobEvent, 'type' | 'data' | 'changes'>): string {
  if (type === 'RunCompleted' && data.status === 'failed') return 'run failed';
  const switched = type === 'CronJobUpdated' && changes?.find(({ field }) => field === 'enabled');
  if (switched) return switched.to === true ? 'job enabled' : 'job disabled';
  return type
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^cron job/, 'job');
}

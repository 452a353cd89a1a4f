import type { Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { hrefOf } from '../place/parse-place.js';
import { Nothing } from '../show/nothing.js';
import { count } from '../show/show-duration.js';

type Run = Pick<Schemas['RunInList'], 'cron_id' | 'run_id' | 'result' | 'dry_run'>;

/** How many a run has reminded; it leads to who they were, for whoever may see that. */
export function RunReminders({ run: { cron_id, run_id, result, dry_run } }: { run: Run }) {
  if (result === null) return <Nothing />;
  const number = count(result.reminders_sent);
  if (dry_run === true || result.reminders_sent === 0 || !may('people')) return <>{number}</>;
  const href = hrefOf(['expiring', 'reminded'], { job: cron_id, run: run_id });
  return (
    <a href={href}>
      {number}
      <span class="hidden"> reminded: who</span>
    </a>
  );
}

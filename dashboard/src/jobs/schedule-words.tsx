import { useEffect, useState } from 'preact/hooks';
import { answerOf, api, type Schemas } from '../api/client.js';

/** What the service calls each schedule: the same for all jobs that have it, and asked once. */
const known = new Map<string, Promise<string | null>>();

type Scheduled = Pick<Schemas['Job'], 'cron_expression' | 'time_zone'>;

/** A schedule in words, its expression, and its zone. */
export function ScheduleWords({ of: { cron_expression, time_zone } }: { of: Scheduled }) {
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    void wordsOf({ cron_expression, time_zone }).then((found) => {
      if (isShown) setWords(found);
    });
    return () => {
      isShown = false;
    };
  }, [cron_expression, time_zone]);
  return (
    <>
      {words !== null && <div>{words}</div>}
      <span class="quiet">
        <code>{cron_expression}</code> {time_zone}
      </span>
    </>
  );
}

function wordsOf(schedule: Scheduled): Promise<string | null> {
  const before = known.get(schedule.cron_expression);
  if (before !== undefined) return before;
  const asked = answerOf(
    api.POST('/api/v1/certification-cron/preview', { body: { ...schedule, count: 1 } }),
  ).then(
    ({ description }) => description,
    // Without words the expression stands alone; whoever asks next tries again.
    () => {
      known.delete(schedule.cron_expression);
      return null;
    },
  );
  known.set(schedule.cron_expression, asked);
  return asked;
}

import { Router } from 'express';
import type { Outlook } from '../expiry-check/outlook.js';
import type { ReminderDocument } from '../ports/read-models.js';
import type { ReadStore, ReminderPlace } from '../ports/read-store.js';
import { answerCsv } from './csv-answer.js';
import { cursorText } from './cursor.js';
import type { JobReads } from './job-reads.js';
import { whenRemindersKnown } from './known-reminders.js';
import { onlyMethods } from './only-methods.js';
import { parseCronId, parseQuery, parseRunId } from './parse-request.js';
import { requestedRow } from './people-bodies.js';
import { remindersQuery, USUAL_ROWS } from './certification-requests.js';
import { untilGone } from './until-gone.js';

export interface ReminderRoutesDependencies {
  outlook: Pick<Outlook, 'knowsReminders'>;
  jobs: Pick<JobReads, 'findRun'>;
  store: Pick<ReadStore, 'listReminders'>;
}

/** Read and written at a stretch. */
const PIECE = 100;
const COLUMNS = [
  ...(['certification_id', 'mentor_id', 'type', 'expires_at', 'days_left', 'threshold_days'] as const),
  'requested_at' as const,
];

/** Whom a run has reminded, also one of a deleted job. */
export function reminderRoutes({ outlook, jobs, store }: ReminderRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  async function* allAfter(runId: string, place: ReminderPlace | undefined, limit: number) {
    let after = place;
    for (let left = limit; left > 0;) {
      const asked = Math.min(left, PIECE);
      const found = await store.listReminders(runId, { after, limit: asked });
      yield* found;
      if (found.length < asked) return;
      after = placeOf(found.at(-1));
      left -= asked;
    }
  }

  const reminders = untilGone<{ id: string; run_id: string }>(async (request, response, gone) => {
    const cronId = parseCronId(request.params.id);
    const { limit, cursor, format } = parseQuery(remindersQuery, request);
    const { run_id } = await jobs.findRun(cronId, parseRunId(request.params.run_id));
    const stillKnown = await whenRemindersKnown(outlook, gone);
    if (format === 'csv') {
      await answerCsv(
        { request, response, gone },
        { name: `${run_id}.csv`, columns: COLUMNS },
        async (write) => {
          for await (const reminder of allAfter(run_id, cursor, limit ?? Infinity)) {
            const row = requestedRow(reminder);
            await write(COLUMNS.map((column) => row[column]));
          }
          await stillKnown();
        },
      );
      return;
    }
    const most = limit ?? USUAL_ROWS;
    const found = await store.listReminders(run_id, { after: cursor, limit: most + 1 });
    await stillKnown();
    const data = found.slice(0, most);
    const place = found.length > most ? placeOf(data.at(-1)) : undefined;
    const next_cursor = place === undefined ? null : cursorText(place);
    response.json({ data: data.map(requestedRow), pagination: { limit: most, next_cursor } });
  });

  router.route('/:id/runs/:run_id/reminders').get(reminders).all(onlyMethods('GET', 'HEAD'));
  return router;
}

function placeOf(reminder: ReminderDocument | undefined): ReminderPlace | undefined {
  if (reminder === undefined) return undefined;
  const { mentor_id, certification_id } = reminder;
  return { mentor_id, certification_id };
}

import type { Database } from './driver.js';

/** What a question names beside types and time decides which index answers it. */
const named = {
  nothing: '',
  actor: 'actor = @actor AND',
  job: 'is_routine = 0 AND cron_id = @job AND',
  both: 'is_routine = 0 AND cron_id = @job AND actor = @actor AND',
};

const RANGE = 'key >= @from AND key < @before ORDER BY key DESC LIMIT @limit';

/** By what is named. */
export const eventStatements = (place = '') =>
  Object.fromEntries(
    Object.entries(named).map(([name, equal]) => [
      name,
      {
        keys: `SELECT key FROM audit${place} WHERE ${equal} type = @type AND ${RANGE}`,
        // Each type is one step into the index, however many events it has.
        nextType: `SELECT min(type) FROM audit${place} WHERE ${equal} type > @type`,
      },
    ]),
  ) as Record<keyof typeof named, { keys: string; nextType: string }>;

export const allEvents = (place = ''): string => `SELECT key FROM audit${place} WHERE ${RANGE}`;

/** The statements for questions about the events in one place. */
export function prepareEvents(db: Database, place: string) {
  const prepared = ({ keys, nextType }: { keys: string; nextType: string }) => ({
    keys: db.prepare(keys).pluck(),
    nextType: db.prepare(nextType).pluck(),
  });
  const { nothing, actor, job, both } = eventStatements(place);
  return {
    all: db.prepare(allEvents(place)).pluck(),
    by: { nothing: prepared(nothing), actor: prepared(actor), job: prepared(job), both: prepared(both) },
  };
}

import { answerOf, api } from '../api/client.js';
import { CHANGE_TYPES } from './is-act.js';
import { searchActs, type ActsFound } from './search-acts.js';

interface Asked {
  id: string;
  cursor: string | undefined;
  signal: AbortSignal;
}

/** As many as the service gives at once: whoever searches asks less often. */
const LONGEST_PAGE = 100;
const SHOWN = 20;

/** The acts of people, from a cursor back. */
export function loadActs({ id, cursor, signal }: Asked): Promise<ActsFound> {
  return searchActs({
    cursor,
    pageOf: (from) => eventsOf({ id, cursor: from, signal }, LONGEST_PAGE),
    changesBefore: async (to) => {
      const query = { cron_id: id, type: [...CHANGE_TYPES], to, limit: SHOWN };
      return (await answerOf(api.GET('/api/v1/certification-cron/events', { params: { query }, signal })))
        .data;
    },
  });
}

/** All events, from a cursor back; as if each were looked for. */
export async function loadAll(asked: Asked): Promise<ActsFound> {
  const { data, pagination } = await eventsOf(asked, SHOWN);
  const { next_cursor: next } = pagination;
  return { acts: data, next, lookedAt: data.length, oldest: data.at(-1), older: [], olderProblem: undefined };
}

function eventsOf({ id, cursor, signal }: Asked, limit: number) {
  const query = { limit, ...(cursor && { cursor }) };
  return answerOf(
    api.GET('/api/v1/certification-cron/{id}/events', { params: { path: { id }, query }, signal }),
  );
}

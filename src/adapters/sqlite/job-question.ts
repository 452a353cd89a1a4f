import { foldedName } from '../../ports/folded-name.js';
import type { JobFilter, JobsAsked } from '../../ports/job-list.js';
import type { OrderStatements, Presence } from './job-statements.js';
import type { PlaceStatements } from './read-statements.js';

/** Sorts behind all texts. */
const BEHIND_TEXTS = Buffer.of(0xff);

/** A place in an order. */
export interface Place {
  value: string | Buffer;
  key: string | Buffer;
}

/** An entry of an index. */
export interface Entry extends Place {
  key: string;
}

type Filters = Record<'traits' | 'due' | 'notDue' | 'name' | 'label' | 'labels', string | null>;

/** What is asked of the jobs, as the statements want it. */
export interface Question {
  asked: JobsAsked;
  filters: Filters;
  presence: Presence;
  orderIn: (live: PlaceStatements) => OrderStatements;
  start: Place;
  end: Place;
}

/** @param traits the numbers of the combinations that fit */
export function questionOf(asked: JobsAsked, filter: JobFilter, traits: readonly number[]): Question {
  const { name, labels = [], dueBefore, notDueBefore, deleted } = filter;
  const { sort = 'created_at', descending = false, after } = asked;
  const [first, ...others] = labels;
  const [start, end] = descending ? [BEHIND_TEXTS, ''] : ['', BEHIND_TEXTS];
  return {
    asked,
    filters: {
      traits: JSON.stringify(traits),
      due: dueBefore ?? null,
      notDue: notDueBefore ?? null,
      name: name === undefined ? null : foldedName(name),
      label: first ?? null,
      labels: others.length === 0 ? null : JSON.stringify(others),
    },
    presence: deleted === 'too' ? [0, 1] : [deleted === 'only' ? 1 : 0],
    orderIn: ({ jobs }) => jobs.inOrder(sort, descending),
    start: after === undefined ? { value: start, key: start } : { value: after.value, key: after.cron_id },
    end: { value: end, key: end },
  };
}

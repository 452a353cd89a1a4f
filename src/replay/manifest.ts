import * as z from 'zod';
import { JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import { exportLine, FIRST_HASH, hashAfter } from './hash-lines.js';
import { selectionSchema, type Selection } from './selection.js';

/** Differences are located to so many events by the manifest alone. */
export const MILESTONE_EVERY = 1_000;

const count = z.number().int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const placeSchema = z.strictObject({ position: z.string(), event_id: z.string() });
const milestoneSchema = z.strictObject({
  count,
  position: z.string(),
  stream: z.string(),
  version: count,
  event_id: z.string(),
  /** Of the chain up to and with this event. */
  hash,
});

/** What an export holds. The same events of the same log have the same one, but for `log_head` once more was appended. */
const fields = z.strictObject({
  format_version: z.literal(1),
  tool_version: z.string(),
  asked: selectionSchema,
  events: z.strictObject({
    count,
    of_jobs: count,
    of_reminders: count,
    by_type: z.record(z.string(), count),
  }),
  first: placeSchema.nullable(),
  last: placeSchema.nullable(),
  /** The last event of the log when the export began, whatever its stream: its position, empty without any. */
  log_head: z.string(),
  hash,
  /** After every so many events, and after the last one. */
  milestones: z.array(milestoneSchema),
});

export type Manifest = z.infer<typeof fields>;
export type Milestone = Manifest['milestones'][number];

export const manifestSchema = fields.refine(
  isWhole,
  'its hash or its last event is not that of its last milestone',
);

/** Without its last milestones it would prove less than it says. */
function isWhole({ events, hash: end, last, milestones }: Manifest): boolean {
  const newest = milestones.at(-1);
  const ofLast = [newest?.count ?? 0, newest?.hash ?? FIRST_HASH, newest?.event_id];
  const inOrder = milestones.every(({ count: at }, index) => at > (milestones[index - 1]?.count ?? 0));
  return inOrder && [events.count, end, last?.event_id].every((value, index) => value === ofLast[index]);
}

/** Makes lines of events, and the manifest of them. Memory grows by some bytes for each `MILESTONE_EVERY` events. */
export function createManifest({
  selection,
  tool,
  head,
}: {
  selection: Selection;
  tool: string;
  head: string;
}) {
  const types = new Map<string, number>();
  const milestones: Milestone[] = [];
  let chained = FIRST_HASH;
  let [events, ofJobs] = [0, 0];
  let first: RecordedEvent | undefined;
  let last: RecordedEvent | undefined;

  function milestoneAt({ position, stream, version, id }: RecordedEvent): Milestone {
    return { count: events, position, stream, version, event_id: id, hash: chained };
  }

  return {
    /** Takes the next event. @returns its line, without the end */
    take(recorded: RecordedEvent): string {
      const line = exportLine(recorded);
      chained = hashAfter(chained, line);
      events++;
      if (recorded.stream.startsWith(JOB_STREAM_PREFIX)) ofJobs++;
      types.set(recorded.type, (types.get(recorded.type) ?? 0) + 1);
      first ??= recorded;
      last = recorded;
      if (events % MILESTONE_EVERY === 0) milestones.push(milestoneAt(recorded));
      return line;
    },
    end(): Manifest {
      const atEnd = last === undefined || events % MILESTONE_EVERY === 0 ? [] : [milestoneAt(last)];
      return {
        format_version: 1,
        tool_version: tool,
        asked: selection,
        events: {
          count: events,
          of_jobs: ofJobs,
          of_reminders: events - ofJobs,
          by_type: Object.fromEntries([...types].sort(([one], [other]) => (one < other ? -1 : 1))),
        },
        first: placeOf(first),
        last: placeOf(last),
        log_head: head,
        hash: chained,
        milestones: [...milestones, ...atEnd],
      };
    },
  };
}

function placeOf(recorded: RecordedEvent | undefined): Manifest['first'] {
  return recorded === undefined ? null : { position: recorded.position, event_id: recorded.id };
}

import { parseEvent } from '../events/parse-event.js';
import type { EventLog } from '../ports/event-log.js';
import type { ReminderDocument } from '../ports/read-models.js';
import type { ReadStore, ReminderPlace } from '../ports/read-store.js';
import { reminderStream } from './reminder-stream.js';

/** What counts of a reminder that was asked for. */
export type AskedReminder = Pick<ReminderDocument, 'threshold_days' | 'expires_at' | 'run_id'>;

/** The reminders of one certification, whatever its expiries were. */
export interface ReminderHistory {
  /** The version of its stream; the first reminder makes the stream. */
  version: number;
  asked: readonly AskedReminder[];
  /** Of them those in streams of earlier versions, which get no more: one stream for each expiry. */
  early: readonly AskedReminder[];
}

const NONE: ReminderHistory = { version: 0, asked: [], early: [] };
/** A certification has a few each year; its stream cannot be read in part. */
const MOST_REMINDERS = 100_000;

/** The history of each of these certifications, by the read model, which must have caught up with the log. */
export async function historiesIn(
  store: Pick<ReadStore, 'remindersOf'>,
  certificationIds: readonly string[],
): Promise<(certificationId: string) => ReminderHistory> {
  const histories = new Map<string, { version: number; asked: AskedReminder[]; early: AskedReminder[] }>();
  for (const { version, document } of await store.remindersOf(certificationIds)) {
    const id = document.certification_id;
    const history = histories.get(id) ?? { version: 0, asked: [], early: [] };
    histories.set(id, history);
    history.asked.push(document);
    if (document.stream === reminderStream(id)) history.version = Math.max(history.version, version);
    else history.early.push(document);
  }
  return (id) => histories.get(id) ?? NONE;
}

/** The history as the log has it by now: another run was quicker. */
export async function historyInLog(
  log: EventLog,
  certificationId: string,
  { early }: ReminderHistory,
): Promise<ReminderHistory> {
  const stream = reminderStream(certificationId);
  const events = await log.readStream(stream, { direction: 'forwards', limit: MOST_REMINDERS });
  const asked = events.flatMap((recorded) => {
    const event = parseEvent(recorded);
    return event?.type === 'ReminderRequested' ? [event.data] : [];
  });
  return { version: events.at(-1)?.version ?? 0, asked: [...early, ...asked], early };
}

const PAGE = 1_000;

/** The certifications whose reminders a run has asked for, in an earlier attempt, by the read model. */
export async function remindersOfRun(
  store: Pick<ReadStore, 'listReminders'>,
  runId: string,
): Promise<ReadonlySet<string>> {
  const own = new Set<string>();
  let after: ReminderPlace | undefined;
  do {
    const page = await store.listReminders(runId, { after, limit: PAGE });
    for (const { certification_id } of page) own.add(certification_id);
    after = page.at(-1);
  } while (after !== undefined);
  return own;
}

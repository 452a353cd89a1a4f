import type { EventLog, RecordedEvent } from '../../src/ports/event-log.js';

/** Everything in the log, in order. */
export async function readWholeLog(log: EventLog): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ from: '', prefixes: [''], signal: stop.signal })) {
    events.push(...batch.events);
    if (batch.caughtUp) stop.abort();
  }
  return events;
}

/**
 * The promises about a log, checked from the events alone and without the code that wrote them. `expectedSlots` are the
 * slots owed in (after, until], given by the caller for each job that it knows the schedule of.
 * @returns what is wrong; nothing when all promises hold
 */
export function checkLog(
  events: readonly RecordedEvent[],
  expectedSlots: (cronId: string, after: string, until: string) => string[] | undefined,
): string[] {
  const faults: string[] = [];
  const streams = groupBy(events, ({ stream }) => stream);
  for (const [stream, own] of streams) {
    own.forEach(({ version }, index) => {
      if (version !== index + 1) faults.push(`${stream}: version ${version} in place ${index + 1}`);
    });
    if (stream.startsWith('certificationReminder-') && own.length !== 1)
      faults.push(`${stream}: ${own.length} reminders`);
    if (stream.startsWith('cronJob-'))
      faults.push(...checkJob(stream.slice('cronJob-'.length), own, expectedSlots));
  }
  return [...faults, ...checkReminderCounts(events)];
}

function checkJob(
  cronId: string,
  events: readonly RecordedEvent[],
  expectedSlots: (cronId: string, after: string, until: string) => string[] | undefined,
): string[] {
  const faults: string[] = [];
  const fault = (text: string): void => void faults.push(`${cronId}: ${text}`);
  const open = new Set<unknown>();
  const completed = new Set<unknown>();
  let watermark = String(events[0]?.data.created_at);
  let deleted = false;

  for (const { type, data } of events) {
    if (type === 'RunStarted') {
      if (open.size > 0 && data.dry_run === false)
        fault(`${String(data.run_id)} overlaps ${[...open].join()}`);
      if (data.dry_run === false) open.add(data.run_id);
      if (data.slot !== null && deleted) fault(`${data.slot as string} was started after the delete`);
    }
    if (type === 'RunCompleted') {
      if (completed.has(data.run_id)) fault(`${String(data.run_id)} was completed twice`);
      completed.add(data.run_id);
      open.delete(data.run_id);
    }
    if (type === 'CronJobDeleted') deleted = true;
    const settled = (type === 'RunStarted' ? data.slot : type === 'RunSkipped' ? data.to : null) as
      string | null;
    if (settled === null) continue;
    if (data.after !== watermark) fault(`${settled} follows ${String(data.after)}, not ${watermark}`);
    const expected = expectedSlots(cronId, watermark, settled);
    const count = type === 'RunStarted' ? 1 : Number(data.count);
    if (expected !== undefined && expected.length !== count) {
      fault(`${expected.length} slots are owed in (${watermark}, ${settled}], ${count} were settled`);
    }
    watermark = settled;
  }
  for (const run of open) fault(`${String(run)} was never completed`);
  return faults;
}

/** What the runs say they have sent is what was sent. */
function checkReminderCounts(events: readonly RecordedEvent[]): string[] {
  const sent = groupBy(
    events.filter(({ type }) => type === 'ReminderRequested'),
    ({ data }) => data.run_id,
  );
  return events
    .filter(({ type, data }) => type === 'RunCompleted' && data.status === 'success')
    .flatMap(({ data }) => {
      const said = (data.result as { reminders_sent: number }).reminders_sent;
      const found = sent.get(data.run_id)?.length ?? 0;
      const started = events.find(
        ({ type, data: { run_id } }) => type === 'RunStarted' && run_id === data.run_id,
      );
      if (started?.data.dry_run === true)
        return found === 0 ? [] : [`dry ${String(data.run_id)} has sent ${found}`];
      return said === found ? [] : [`${String(data.run_id)} says ${said} reminders, ${found} are in the log`];
    });
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

import type { Config } from '../config/config.js';
import { fromTimestamp } from '../events/timestamp.js';
import { entryWords, isAboutRuns } from '../history/event-words.js';
import { historyEntry, type HistoryEntry } from '../history/history-entry.js';
import { readWithPlace, walkHistory, type Walked } from '../history/walk-history.js';
import type { EventLog } from '../ports/event-log.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { openOutput, type Output } from './output.js';
import { printable } from './printable.js';
import { tellProgress } from './tell-progress.js';

export interface HistoryOptions {
  /** So many of the newest; all when left out. */
  newest?: number;
  /** What was done to the job, without its runs and skipped slots. */
  changes: boolean;
  /** Epoch milliseconds: entries in [from, to) by their own time. */
  from?: number;
  to?: number;
  /** The ids of the event, of what it belongs to and of its cause, and its place in the log. */
  ids: boolean;
  /** Entries as JSON lines in place of the text. */
  json: boolean;
}

/** `history JOB`: on standard output, progress on standard error. The service may be running. */
export async function historyCommand(config: Config, cronId: string, options: HistoryOptions): Promise<void> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const log = await openExistingLog(config, system);
  try {
    await printHistory(log, cronId, { options, output: openOutput(), onProgress: tellProgress() });
  } finally {
    await log.close();
  }
}

/**
 * Writes the history of a job, an entry a line, the newest last. Memory is that of `newest` entries.
 * @throws StoreError, UnreadableEventError; an error when there has never been such a job
 */
export async function printHistory(
  log: EventLog,
  cronId: string,
  {
    options,
    output,
    onProgress,
  }: { options: HistoryOptions; output: Output; onProgress: (events: number) => void },
): Promise<void> {
  const { newest, ids, json } = options;
  const lineOf = (walked: Walked): string => {
    const entry = entryOf(walked);
    return json ? `${printable(JSON.stringify(entry))}\n` : `${entryLine(entry, ids)}\n`;
  };
  let kept: Walked[] = [];
  let events = 0;
  for await (const walked of walkHistory(log, cronId)) {
    onProgress(++events);
    if (!isAsked(walked, options)) continue;
    if (newest === undefined) await output.write(lineOf(walked));
    else if (kept.push(walked) >= 2 * newest) kept = kept.slice(-newest);
    if (output.gone.aborted) return;
  }
  if (events === 0) throw new Error(`there has never been a cron job ${printable(cronId)}`);
  for (const walked of newest === undefined ? [] : kept.slice(-newest)) await output.write(lineOf(walked));
}

function entryOf({ recorded, before }: Walked): HistoryEntry {
  return readWithPlace(recorded, () => historyEntry(recorded, before));
}

function isAsked(walked: Walked, { changes, from, to }: HistoryOptions): boolean {
  if (changes && isAboutRuns(walked.recorded.type)) return false;
  if (from === undefined && to === undefined) return true;
  const { at, recorded_at } = entryOf(walked);
  const instant = fromTimestamp(at ?? recorded_at);
  return (from ?? -Infinity) <= instant && instant < (to ?? Infinity);
}

/** When, which version, who, what and why, and the ids where they are asked for; safe for a terminal. */
export function entryLine(entry: HistoryEntry, withIds: boolean): string {
  const { at, recorded_at, version, actor, reason, event_id, position } = entry;
  const { correlation_id, causation_id } = entry;
  const why = reason === null || reason === '' ? '' : ` (${shortened(reason)})`;
  const ids = `  event=${event_id} position=${position} correlation=${shortened(correlation_id)} causation=${shortened(causation_id ?? '-')}`;
  const line = `${at ?? recorded_at}  ${String(version).padStart(4)}  ${shortened(actor).padEnd(12)}  ${entryWords(entry)}${why}`;
  return printable(withIds ? line + ids : line);
}

const MOST_CHARACTERS = 300;

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

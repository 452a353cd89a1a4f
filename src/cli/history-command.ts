import type { Config } from '../config/config.js';
import { fromTimestamp } from '../events/timestamp.js';
import { entryWords, isAboutRuns } from '../history/event-words.js';
import { auditEntry, type AuditEntry } from '../history/audit-entry.js';
import { walkHistory, type Walked } from '../history/walk-history.js';
import type { EventLog } from '../ports/event-log.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { noSuchJob } from './assert-job.js';
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

/**
 * `history JOB`: on standard output, progress on standard error. The service may be running. How many entries cannot be
 * read is said on standard error: that is no failure, as all there is was shown.
 */
export async function historyCommand(config: Config, cronId: string, options: HistoryOptions): Promise<void> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const log = await openExistingLog(config, system);
  try {
    const about = { options, output: openOutput(), onProgress: tellProgress() };
    const { unreadable } = await printHistory(log, cronId, about);
    if (unreadable > 0)
      process.stderr.write(`WARN entries that cannot be read, or not wholly: ${unreadable}\n`);
  } finally {
    await log.close();
  }
}

/**
 * Writes the history of a job, an entry a line, the newest last. Memory is that of `newest` entries.
 * @returns how many of those that were written cannot be read, or not wholly
 * @throws StoreError, OutputError; an error when there has never been such a job
 */
export async function printHistory(
  log: EventLog,
  cronId: string,
  {
    options,
    output,
    onProgress,
  }: { options: HistoryOptions; output: Output; onProgress: (events: number) => void },
): Promise<{ unreadable: number }> {
  const { newest, ids, json, from, to } = options;
  if (from !== undefined && to !== undefined && from > to)
    throw new Error('--from must not be later than --to');
  let unreadable = 0;
  const lineOf = (walked: Walked): string => {
    const entry = entryOf(walked);
    if (entry.unreadable !== null) unreadable++;
    return json ? `${printable(JSON.stringify(entry))}\n` : `${entryLine(entry, ids)}\n`;
  };
  let kept: Walked[] = [];
  let events = 0;
  for await (const walked of walkHistory(log, cronId)) {
    onProgress(++events);
    if (!isAsked(walked, options)) continue;
    if (newest === undefined) await output.write(lineOf(walked));
    else if (kept.push(walked) >= 2 * newest) kept = kept.slice(-newest);
    if (output.gone.aborted) return { unreadable };
  }
  if (events === 0) throw noSuchJob(cronId);
  for (const walked of newest === undefined ? [] : kept.slice(-newest)) await output.write(lineOf(walked));
  return { unreadable };
}

function entryOf({ recorded, before }: Walked): AuditEntry {
  return auditEntry(recorded, before);
}

function isAsked(walked: Walked, { changes, from, to }: HistoryOptions): boolean {
  if (changes && isAboutRuns(walked.recorded.type)) return false;
  if (from === undefined && to === undefined) return true;
  const { at, recorded_at } = entryOf(walked);
  const instant = fromTimestamp(at ?? recorded_at);
  return (from ?? -Infinity) <= instant && instant < (to ?? Infinity);
}

/** When, which version, who, what and why, and the ids where they are asked for; safe for a terminal. */
export function entryLine(entry: AuditEntry, withIds: boolean): string {
  const { at, recorded_at, version, actor, reason, event_id, position } = entry;
  const { correlation_id, causation_id } = entry;
  const why = reason === null || reason === '' ? '' : ` (${shortened(reason)})`;
  const ids = `  event=${event_id} position=${position} correlation=${shortened(correlation_id)} causation=${shortened(causation_id ?? '-')}`;
  const line = `${at ?? recorded_at}  ${String(version).padStart(4)}  ${shortened(actor).padEnd(12)}  ${wordsOf(entry)}${why}`;
  return printable(withIds ? line + ids : line);
}

/** What cannot be read is shown as far as it can be. */
function wordsOf(entry: AuditEntry): string {
  const { type, at, data, unreadable } = entry;
  if (unreadable === null) return entryWords(entry);
  if (at === null) return `${type}, unreadable: ${shortened(unreadable)}`;
  return `changed to ${shortened(JSON.stringify(data.changes))}; ${unreadable}`;
}

const MOST_CHARACTERS = 300;

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

import type { Config } from '../config/config.js';
import { timeOf, type JobEvent } from '../events/parse-event.js';
import { eventWords } from '../history/event-words.js';
import { replayDecisions, type DecisionDifference, type ReplayTotals } from '../replay/replay-decisions.js';
import { slotVersionsWith } from '../schedule/slot-versions.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { assertJob } from './assert-job.js';
import { openOutput } from './output.js';
import { printable } from './printable.js';
import { tellProgress } from './tell-progress.js';

/** Of those that were decided at once. */
const MOST_EVENTS = 5;

/**
 * `decide`: each difference between what the log holds and what today's code would decide, and the totals, on standard
 * output; progress on standard error. The service may be running.
 * @returns the exit code: 0, or 1 when there are differences or unreadable events; 0 when its reader has gone away, as
 *   the totals are then of a part
 * @throws StoreError, OutputError; an error when there has never been such a job
 */
export async function decideCommand(config: Config, { job }: { job?: string }): Promise<number> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const log = await openExistingLog(config, system);
  const output = openOutput();
  try {
    if (job !== undefined) await assertJob(log, job);
    const totals = await replayDecisions(log, {
      job: job ?? null,
      allowSeconds: config.allowSeconds,
      thresholds: config.thresholds,
      versions: slotVersionsWith(system.tzdataVersion),
      onDifference: (difference) => output.write(differenceText(difference)),
      onUnreadable: ({ cronId, version, message }) =>
        output.write(`${printable(`unreadable ${cronId} version ${version}: ${message}`)}\n`),
      onProgress: tellProgress(),
      signal: output.gone,
    });
    await output.write(totalsText(totals));
    if (output.gone.aborted) return 0;
    return totals.differences + totals.unreadable === 0 ? 0 : 1;
  } finally {
    await log.close();
  }
}

/** A difference in some lines, safe for a terminal. */
export function differenceText({ cronId, recorded, today, explained }: DecisionDifference): string {
  const { version, events, metadata } = recorded;
  const { term, tzdata_version: zones, slot_engine_version: engine } = metadata;
  const by = term === undefined ? metadata.actor : `${metadata.actor} in term ${term}`;
  const lines = [
    `differs   ${cronId} version ${version}, decided at ${timeOf(events[0])} by ${by}`,
    `  recorded  ${wordsOf(events)}`,
    `  today     ${typeof today === 'string' ? `refused: ${today}` : wordsOf(today)}`,
  ];
  if (typeof today !== 'string') lines.push(...fieldLines(events, today));
  if (explained === 'other slots')
    lines.push(
      `  explained by other slots: computed with engine ${engine ?? 1} and time zone data ${zones ?? 'of an unknown version'}`,
    );
  if (explained === 'clock unknown')
    lines.push(
      '  explained by the clock: an event before it is later, so the log does not tell what it showed',
    );
  return `${lines.map(printable).join('\n')}\n`;
}

/** What words may not show: the fields of the first event that is of the same type, and not the same. */
function fieldLines(recorded: readonly JobEvent[], today: readonly JobEvent[]): string[] {
  for (const [index, { type, data }] of recorded.entries()) {
    const other = today[index];
    if (type !== other?.type) return [];
    const others: Record<string, unknown> = other.data;
    const fields = Object.entries(data).map(([name, value]) => [name, text(value), text(others[name])]);
    // Early versions did not record what decides whom a run reminds, so it is not compared either.
    const compared = fields.filter(([name, one]) => !(name === 'rules' && one === 'null'));
    const differing = compared.filter(([, one, another]) => one !== another);
    if (differing.length === 0) continue;
    const [was, is] = [1, 2].map((at) => differing.map((field) => `${field[0]} ${field[at]}`).join(', '));
    return [`  event ${index + 1}   recorded ${was}; today ${is}`];
  }
  return [];
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function wordsOf(events: readonly JobEvent[]): string {
  const others = events.length - MOST_EVENTS;
  const shown = events.slice(0, MOST_EVENTS).map((event) => `${eventText(event)} at ${timeOf(event)}`);
  return [...shown, ...(others > 0 ? [`and ${others} more`] : [])].join('; ') || 'nothing';
}

/** The configuration before it is not at hand: a change is told by what it asks for. */
function eventText(event: JobEvent): string {
  if (event.type === 'CronJobUpdated') return `changed ${JSON.stringify(event.data.changes)}`;
  return eventWords(event, null);
}

export function totalsText(totals: ReplayTotals): string {
  const { jobs, events, ticks, commands, differences, explained, unknown, unreadable } = totals;
  const lines = [
    `jobs ${jobs}, events ${events}; decided again: ticks ${ticks}, commands ${commands}`,
    `differences ${differences}, of these explained ${explained}; jobs with unreadable events ${unreadable}`,
    `not decided again: ${unknown} whose events do not tell the command; ticks and commands that recorded nothing have left no event`,
  ];
  return `${lines.join('\n')}\n`;
}

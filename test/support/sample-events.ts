import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RunResult } from '../../src/events/job-events.js';
import type {
  AppendedEvent,
  EventLog,
  NewEvent,
  Outcome,
  RecordedEvent,
  Write,
} from '../../src/ports/event-log.js';

/** An event that means nothing, with a fresh id. */
export function sampleEvent(data: Record<string, unknown> = {}, id: string = randomUUID()): NewEvent {
  return {
    id,
    type: 'SampleHappened',
    data,
    metadata: { actor: 'anonymous', correlation_id: 'request-1', causation_id: null, schema_version: 1 },
  };
}

/** What a run without anything to do says, but for `changes`. */
export function runResult(changes: Partial<RunResult> = {}): RunResult {
  return {
    mentors_checked: 0,
    reminders_sent: 0,
    errors: 0,
    records_checked: null,
    reasons: null,
    warnings: [],
    ...changes,
  };
}

export function sampleEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => sampleEvent({ number: index + 1 }));
}

/** One write in one call. */
export async function append(
  log: EventLog,
  stream: string,
  expectedVersion: number,
  events: readonly NewEvent[],
): Promise<Outcome | undefined> {
  const [outcome] = await log.append([{ stream, expectedVersion, events }]);
  return outcome;
}

/** Appends `count` events where a conflict would be a fault of the test, and reads them back. */
export async function appended(
  log: EventLog,
  stream: string,
  expectedVersion: number,
  count: number,
): Promise<RecordedEvent[]> {
  eventsOf(await append(log, stream, expectedVersion, sampleEvents(count)));
  return log.readStream(stream, { direction: 'forwards', from: expectedVersion + 1, limit: count });
}

export function eventsOf(outcome: Outcome | undefined): AppendedEvent[] {
  if (outcome?.kind !== 'appended') throw new Error(`expected 'appended', got ${JSON.stringify(outcome)}`);
  return outcome.events;
}

export async function wholeStream(log: EventLog, stream: string): Promise<RecordedEvent[]> {
  return log.readStream(stream, { direction: 'forwards', limit: 10_000 });
}

/** One event for each of `count` streams that do not exist yet: streams `prefix1`, `prefix2`, ... */
export function manyStreams(prefix: string, count: number): Write[] {
  return sampleEvents(count).map((event, index) => ({
    stream: `${prefix}${index + 1}`,
    expectedVersion: 0,
    events: [event],
  }));
}

const EVENTS_OF_A_STREAM = 20;

/** So many events, in streams of some each: a log may take as long for a write of one as for a write of twenty. */
export function manyEvents(prefix: string, count: number): Write[] {
  const events = sampleEvents(count);
  return Array.from({ length: Math.ceil(count / EVENTS_OF_A_STREAM) }, (_, index) => ({
    stream: `${prefix}${index + 1}`,
    expectedVersion: 0,
    events: events.slice(index * EVENTS_OF_A_STREAM, (index + 1) * EVENTS_OF_A_STREAM),
  }));
}

export function expectLogOrder(events: readonly RecordedEvent[]): void {
  const positions = events.map(({ position }) => position);
  expect(positions).toEqual([...new Set(positions)].sort());
}

/** Stream and version of each event, for comparisons. */
export const places = (events: readonly RecordedEvent[]): string[] =>
  events.map(({ stream, version }) => `${stream}@${version}`);

import { describe, expect, it } from '@jest/globals';
import {
  parseEvent,
  schemaVersionOf,
  timeOf,
  UnreadableEventError,
} from '../../../src/events/parse-event.js';
import { upcast } from '../../../src/events/upcast.js';

const deleted = { cron_id: 'cron-1', reason: null, deleted_at: '2026-03-26T10:00:00.000Z' };

describe('upcasting', () => {
  const earlier = [
    { toNext: (data: unknown) => ({ ...(data as object), reason: null }) },
    { toNext: (data: unknown) => ({ ...(data as object), reason: 'unknown' }) },
  ];

  it('brings old data up one version at a time', () => {
    expect(upcast(earlier, 1, { a: 1 })).toEqual({ a: 1, reason: 'unknown' });
    expect(upcast(earlier, 2, { a: 1 })).toEqual({ a: 1, reason: 'unknown' });
    expect(upcast(earlier.slice(0, 1), 1, { a: 1 })).toEqual({ a: 1, reason: null });
  });

  it('leaves data of today as it is', () => {
    expect(upcast(earlier, 3, { a: 1 })).toEqual({ a: 1 });
  });
});

describe('reading an event', () => {
  it('passes by a type that is not known', () => {
    expect(parseEvent({ type: 'SomethingNew', data: {}, metadata: { schema_version: 1 } })).toBeUndefined();
    expect(parseEvent({ type: 'toString', data: {}, metadata: { schema_version: 1 } })).toBeUndefined();
  });

  it.each([
    ['a newer version', deleted, schemaVersionOf('CronJobDeleted') + 1],
    ['a version that never existed', deleted, 0],
    ['data that does not fit', { cron_id: 1 }, 1],
  ])('refuses %s', (_, data, schema_version) => {
    expect(() => parseEvent({ type: 'CronJobDeleted', data, metadata: { schema_version } })).toThrow(
      UnreadableEventError,
    );
  });

  it('answers the event with its type, and knows when it happened', () => {
    const event = parseEvent({ type: 'CronJobDeleted', data: deleted, metadata: { schema_version: 1 } });
    expect(event).toEqual({ type: 'CronJobDeleted', data: deleted });
    expect(event && timeOf(event)).toBe(deleted.deleted_at);
  });
});

import { describe, expect, it } from '@jest/globals';
import { eventVersions, parseEvent, UnreadableEventError } from '../../src/events/domain-event.js';
import { upcast } from '../../src/events/upcast.js';

const deleted = { cron_id: 'cron-1', reason: null, deleted_at: '2026-03-26T10:00:00.000Z' };

describe('upcasting', () => {
  const upcasters = {
    Renamed: {
      1: (data: unknown) => ({ ...(data as object), reason: null }),
      2: (data: unknown) => ({ ...(data as object), reason: 'unknown' }),
    },
  };

  it('brings old data up one version at a time', () => {
    expect(upcast(upcasters, { type: 'Renamed', data: { a: 1 }, from: 1, to: 3 })).toEqual({
      a: 1,
      reason: 'unknown',
    });
    expect(upcast(upcasters, { type: 'Renamed', data: { a: 1 }, from: 1, to: 2 })).toEqual({
      a: 1,
      reason: null,
    });
    expect(upcast(upcasters, { type: 'Renamed', data: { a: 1 }, from: 3, to: 3 })).toEqual({ a: 1 });
  });

  it('does not guess where a step is missing', () => {
    expect(() => upcast(upcasters, { type: 'Renamed', data: {}, from: 0, to: 3 })).toThrow('no upcaster');
  });
});

describe('reading an event', () => {
  it('passes by a type that is not known', () => {
    expect(parseEvent({ type: 'SomethingNew', data: {}, metadata: { schema_version: 1 } })).toBeUndefined();
    expect(parseEvent({ type: 'toString', data: {}, metadata: { schema_version: 1 } })).toBeUndefined();
  });

  it('refuses data of a newer version, and data that does not fit', () => {
    const newer = eventVersions.CronJobDeleted + 1;
    expect(() =>
      parseEvent({ type: 'CronJobDeleted', data: deleted, metadata: { schema_version: newer } }),
    ).toThrow(UnreadableEventError);
    expect(() =>
      parseEvent({ type: 'CronJobDeleted', data: { cron_id: 1 }, metadata: { schema_version: 1 } }),
    ).toThrow(UnreadableEventError);
  });

  it('answers the event with its type', () => {
    expect(parseEvent({ type: 'CronJobDeleted', data: deleted, metadata: { schema_version: 1 } })).toEqual({
      type: 'CronJobDeleted',
      data: deleted,
    });
  });
});

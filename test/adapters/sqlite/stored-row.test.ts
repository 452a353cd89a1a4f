import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromStored, toStored, type StoredRow } from '../../../src/adapters/sqlite/stored-row.js';
import { jobRow, reminderRow, snapshotRow } from '../../support/sample-documents.js';

const row = jobRow('cron-1');
const stored = { id: 1, ...toStored('jobs', row) } as unknown as StoredRow;

const reminder = reminderRow('certificationReminder-1/1', {
  mentor_id: 'half \ud83d',
  type: 'first\u0000aid',
});
const storedReminder = { id: 1, ...toStored('reminders', reminder) } as unknown as StoredRow;

it('a row is read as it was written', () => {
  expect(fromStored('jobs', stored, 'read.db')).toEqual(row);
  expect(fromStored('reminders', storedReminder, 'read.db')).toEqual(reminder);
});

it.each(['certification_id', 'mentor_id', 'run_id'] as const)(
  'a reminder that was moved to another %s is noticed',
  (column) => {
    expect(() => fromStored('reminders', { ...storedReminder, [column]: 'other' }, 'read.db')).toThrow(
      /is damaged/,
    );
  },
);

it('a snapshot that was changed, or moved to another job or version, is noticed', () => {
  const snapshot = snapshotRow('cron-1', 7);
  const sound = { id: 1, ...toStored('snapshots', snapshot) } as unknown as StoredRow;
  expect(fromStored('snapshots', sound, 'read.db')).toEqual(snapshot);
  const state = sound.state?.replace('2026', '2025') ?? '';
  for (const change of [{ cron_id: 'cron-2' }, { version: 6 }, { state }, { document: '{}' }])
    expect(() => fromStored('snapshots', { ...sound, ...change }, 'read.db')).toThrow(/is damaged/);
});

it('any changed character of a row is noticed', () => {
  const fields = fc.constantFrom<'key' | 'document' | 'state'>('key', 'document', 'state');
  fc.assert(
    fc.property(fields, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (field, at, character) => {
      const text = String(stored[field]);
      const place = at % text.length;
      fc.pre(text[place] !== character);
      const changed = { ...stored, [field]: text.slice(0, place) + character + text.slice(place + 1) };
      expect(() => fromStored('jobs', changed, 'read.db')).toThrow(/is damaged/);
    }),
  );
});

it('a changed version is noticed', () => {
  fc.assert(
    fc.property(fc.nat(), (version) => {
      fc.pre(version !== stored.version);
      expect(() => fromStored('jobs', { ...stored, version }, 'read.db')).toThrow(/is damaged/);
    }),
  );
});

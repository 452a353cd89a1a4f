import { expect, it } from '@jest/globals';
import { toRow, toStored } from '../../../src/adapters/mongodb/stored-row.js';
import { jobRow, snapshotRow } from '../../support/sample-documents.js';

const row = jobRow('cron-a', 7, {
  state: { fold_version: 2, version: 3, job: { watermark: 1_774_519_200_000, open_runs: [] } },
});
const damaged = {
  name: 'StoreError',
  code: 'store_damaged',
  message: expect.stringContaining('"cron-a"') as unknown,
};

it('a job comes back as it was', () => {
  expect(toRow('jobs', structuredClone(toStored('jobs', row)))).toEqual(row);
});

it.each(['9', '0', '2026', 'x'])(
  'any change of a state is noticed: %s instead of another character',
  (text) => {
    const stored = toStored('jobs', row);
    const { state } = stored.document as { state: { job: string } };
    for (let at = 0; at < state.job.length; at++) {
      const changed = state.job.slice(0, at) + text + state.job.slice(at + text.length);
      if (changed === state.job) continue;
      const document = { ...stored.document, state: { ...state, job: changed } };
      expect(() => toRow('jobs', { ...stored, document })).toThrow(expect.objectContaining(damaged));
    }
  },
);

it('a change of the version, the key or the version of the fold is noticed', () => {
  const stored = toStored('jobs', row);
  const { state } = stored.document as { state: object };
  expect(() => toRow('jobs', { ...stored, version: 6 })).toThrow(expect.objectContaining(damaged));
  expect(() => toRow('jobs', { ...stored, _id: 'cron-b' })).toThrow();
  const document = { ...stored.document, state: { ...state, fold_version: 1 } };
  expect(() => toRow('jobs', { ...stored, document })).toThrow(expect.objectContaining(damaged));
});

it('a snapshot is as safe', () => {
  const snapshot = snapshotRow('cron-a', 7);
  const stored = toStored('snapshots', snapshot);
  expect(toRow('snapshots', structuredClone(stored))).toEqual(snapshot);
  const { state } = stored.document as { state: { job: string } };
  const document = { ...stored.document, state: { ...state, job: state.job.replace('2026', '2025') } };
  const told = { ...damaged, message: expect.stringContaining(`"${snapshot.key}"`) as unknown };
  expect(() => toRow('snapshots', { ...stored, document })).toThrow(expect.objectContaining(told));
  expect(() => toRow('snapshots', { ...stored, version: 6 })).toThrow(expect.objectContaining(told));
});

it('a row of an earlier version has no checksum', () => {
  const stored = toStored('jobs', row);
  const { state } = stored.document as { state: object };
  const document = { ...stored.document, state: { ...state, checksum: undefined } };
  expect(toRow('jobs', { ...stored, document })).toEqual(row);
});

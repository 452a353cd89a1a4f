import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImportBench, HEADER, type ImportBench } from './import-fixture.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let bench: ImportBench;

beforeEach(() => {
  bench = createImportBench();
});

afterEach(() => bench.registry.close());

describe('expires_in_days', () => {
  it('counts from the day of the import', async () => {
    const lines = ['certification_id,mentor_id,expires_in_days', 'c1,m,0', 'c2,m,7', 'c3,m,-30', 'c4,m,706'];
    expect((await bench.importText('days.csv', [...lines, 'c5,m,x'])).faults).toEqual([
      [6, expect.stringMatching(/expires/)],
    ]);
    expect(await bench.records()).toEqual([
      'c1 | m | 2026-03-26',
      'c2 | m | 2026-04-02',
      'c3 | m | 2026-02-24',
      'c4 | m | 2028-03-01',
    ]);
  });

  it('gives way to a date', async () => {
    await bench.importText('both.csv', [`${HEADER},expires_in_days`, 'c1,m,2027-01-31,5', 'c2,m,,5']);
    expect(await bench.records()).toEqual(['c1 | m | 2027-01-31', 'c2 | m | 2026-03-31']);
  });
});

describe('what is there twice', () => {
  it('counts as it is last: an id in a file, within a batch and over several', async () => {
    const others = Array.from({ length: 1_500 }, (_, index) => `o${index},x,2027-01-31`);
    const rows = ['c1,m,2027-01-31', 'c1,n,2027-02-28', 'c2,m,2027-01-31', ...others, 'c2,n,2027-02-28'];
    expect(await bench.importText('twice.csv', [HEADER, ...rows])).toMatchObject({ imported: 1_504, bad: 0 });
    expect((await bench.records()).slice(0, 2)).toEqual(['c1 | n | 2027-02-28', 'c2 | n | 2027-02-28']);
  });

  it('counts as it is last: a key in an object', async () => {
    await bench.importText(
      'keys.jsonl',
      '{"certification_id":"c1","mentor_id":"m","mentor_id":"n","expires_at":"2027-01-31"}',
    );
    expect(await bench.records()).toEqual(['c1 | n | 2027-01-31']);
  });
});

describe('importing again', () => {
  const three = [HEADER, 'c1,m,2027-01-31', 'c2,m,2027-01-31', 'c3,m,2027-01-31'];

  it('changes nothing when nothing has changed, and takes what has', async () => {
    await bench.importText('first.csv', three);
    expect((await bench.importText('again.csv', three)).imported).toBe(3);
    expect(await bench.records()).toHaveLength(3);
    await bench.importText('changed.csv', [HEADER, 'c2,n,2028-01-31']);
    expect(await bench.records()).toEqual([
      'c1 | m | 2027-01-31',
      'c3 | m | 2027-01-31',
      'c2 | n | 2028-01-31',
    ]);
  });

  it.each(['empty.csv', 'empty.jsonl'])(
    'is refused when the whole would be replaced by nothing: %s',
    async (name) => {
      await bench.importText('first.csv', three);
      await expect(bench.importText(name, name.endsWith('csv') ? `${HEADER}\n` : '', true)).rejects.toThrow(
        'holds no certification',
      );
      expect(await bench.records()).toHaveLength(3);
    },
  );

  it('removes what is absent when the whole is replaced', async () => {
    await bench.importText('first.csv', three);
    expect(
      await bench.importText('second.csv', [HEADER, 'c2,m,2028-01-31', 'c4,m,2027-01-31'], true),
    ).toMatchObject({ imported: 2, bad: 0, removed: 2 });
    expect(await bench.records()).toEqual(['c2 | m | 2028-01-31', 'c4 | m | 2027-01-31']);
  });

  it('removes nothing when a line is bad', async () => {
    await bench.importText('first.csv', three);
    expect(
      await bench.importText('second.csv', [HEADER, 'c2,m,2028-01-31', 'c3,m,never'], true),
    ).toMatchObject({
      imported: 1,
      bad: 1,
      removed: undefined,
    });
    expect(await bench.records()).toHaveLength(3);
  });
});

describe('a file that cannot be read', () => {
  it('has a name that tells nothing of its format', async () => {
    await expect(bench.importText('certifications.txt', HEADER)).rejects.toThrow(
      /certifications\.txt: the name must end in \.csv, \.jsonl or \.ndjson/,
    );
  });

  it.each(['missing.csv', 'missing.jsonl'])('is not there: %s', async (name) => {
    await expect(bench.importFile(join(temporaryFolder(), name))).rejects.toThrow(name);
  });

  it.each(['folder.csv', 'folder.jsonl'])(
    'is a folder: %s',
    async (name) => {
      const folder = join(temporaryFolder(), name);
      mkdirSync(folder);
      await expect(bench.importFile(folder)).rejects.toThrow(name);
    },
    5_000,
  );
});

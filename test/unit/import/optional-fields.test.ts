import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { importCertifications } from '../../../src/import/import-certifications.js';
import {
  CERTIFICATION_STATUSES,
  type Certification,
  type CertificationRegistry,
} from '../../../src/ports/certification-registry.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { HEADER } from './import-fixture.js';

const DEFAULTS = { type: null, labels: [], status: 'active', renewable_from: null };

/** What an import on 26 March 2026 hands to the registry, and the bad lines. */
async function importText(
  name: string,
  lines: string[],
): Promise<{ taken: Certification[]; faults: [line: number, reason: string][] }> {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, lines.join('\n'));
  const taken: Certification[] = [];
  const faults: [number, string][] = [];
  const registry: Pick<CertificationRegistry, 'upsert'> = {
    upsert: (records) => Promise.resolve(void taken.push(...records)),
  };
  await importCertifications(registry as CertificationRegistry, {
    file,
    replace: false,
    source: 'test',
    now: Date.parse('2026-03-26T23:59:59.000Z'),
    onBadLine: (line, reason) => faults.push([line, reason]),
    onProgress: () => undefined,
  });
  return { taken, faults };
}

const ALL = `${HEADER},type,labels,status,renewable_from`;
const required = (id: string) => ({ certification_id: id, mentor_id: 'm', expires_at: '2027-01-31' });

describe('the optional columns of CSV', () => {
  it('are read, and an empty cell has the default', async () => {
    const { taken, faults } = await importText('all.csv', [
      ALL,
      'c1,m,2027-01-31,first-aid,north,active,2026-12-01',
      'c2,m,2027-01-31,First Aid, north | " south ,suspended,',
      'c3,m,2027-01-31,,"north|south, west|north",withdrawn,',
      'c4,m,2027-01-31,,,,',
    ]);
    expect(faults).toEqual([[3, expect.stringContaining('quote inside a value')]]);
    expect(taken).toEqual([
      {
        ...required('c1'),
        type: 'first-aid',
        labels: ['north'],
        status: 'active',
        renewable_from: '2026-12-01',
      },
      { ...required('c3'), ...DEFAULTS, labels: ['north', 'south, west'], status: 'withdrawn' },
      { ...required('c4'), ...DEFAULTS },
    ]);
  });

  it('are not needed, in any order, and blanks around a label are dropped', async () => {
    expect((await importText('none.csv', [HEADER, 'c1,m,2027-01-31'])).taken).toEqual([
      { ...required('c1'), ...DEFAULTS },
    ]);
    const { taken } = await importText('some.csv', [
      `labels,note,${HEADER}`,
      ' a b |c,active,c1,m,2027-01-31',
    ]);
    expect(taken).toEqual([{ ...required('c1'), ...DEFAULTS, labels: ['a b', 'c'] }]);
  });

  const many = Array.from({ length: 21 }, (_, index) => `l${index}`).join('|');
  it.each([
    ['status', 'c1,m,2027-01-31,,,Active,', 'status must be active, suspended or withdrawn'],
    [
      'renewable_from',
      'c1,m,2027-01-31,,,,2027-02-29',
      'renewable_from must be a date that exists (YYYY-MM-DD)',
    ],
    ['type', `c1,m,2027-01-31,${'x'.repeat(129)},,,`, 'type must have at most 128 characters'],
    ['labels, where one is empty', 'c1,m,2027-01-31,,a||b,,', 'labels.1 must not be empty'],
    ['labels, too many', `c1,m,2027-01-31,,${many},,`, 'labels must be a list of up to 20 texts'],
    [
      'labels, far too many',
      `c1,m,2027-01-31,,${'|'.repeat(900_000)},,`,
      'labels must be a list of up to 20 texts',
    ],
  ])('make the line bad where one is wrong: %s', async (_, row, reason) => {
    const { taken, faults } = await importText('bad.csv', [ALL, row, 'c2,m,2027-01-31,,,,']);
    expect(taken.map(({ certification_id }) => certification_id)).toEqual(['c2']);
    expect(faults).toEqual([[2, reason]]);
  });

  it.each([3, 4, 5, 6])('show a stray quote, which costs its own rows alone: column %i', async (column) => {
    const row = (id: string, cell: string) =>
      [id, 'm', '2027-01-31', ...['', '', '', '']].with(column, cell).join();
    const { taken, faults } = await importText('stray.csv', [
      ALL,
      row('c1', '"'),
      row('c2', ''),
      row('c3', '"'),
      row('c4', ''),
      row('c5', '"a'),
      row('c6', '"'),
    ]);
    expect(taken.map(({ certification_id }) => certification_id)).toEqual(['c2', 'c4']);
    expect(faults.map(([line]) => line)).toEqual([2, 4, 6, 7]);
  });
});

describe('a line end in labels', () => {
  it.each(['"a', '"a|', '"'])('is no blank that is dropped: %s', async (labels) => {
    const lines = [`${HEADER},labels`, `c1,m,2027-01-31,${labels}`, '"', 'c2,m,2027-01-31,'];
    const { taken, faults } = await importText('end.csv', lines);
    expect([taken.length, faults.map(([line]) => line)]).toEqual([1, [2, 3]]);
  });
});

describe('days in place of the date of renewal', () => {
  it('count from the day of the import, and give way to a date', async () => {
    const { taken, faults } = await importText('days.csv', [
      `${HEADER},renewable_from,renewable_in_days`,
      'c1,m,2027-01-31,,7',
      'c2,m,2027-01-31,2026-12-01,7',
      'c3,m,2027-01-31,,',
      'c4,m,2027-01-31,,soon',
    ]);
    expect(taken.map(({ renewable_from }) => renewable_from)).toEqual(['2026-04-02', '2026-12-01', null]);
    expect(faults).toEqual([[5, 'renewable_in_days must be a whole number from -36500 to 36500']]);
  });
});

describe('the optional fields of JSON lines', () => {
  it('have the same names, labels are a list', async () => {
    const more = [
      { type: 'a|b', labels: ['north|south', ' '], status: 'suspended', renewable_from: '2026-12-01' },
      { type: null, labels: null, status: null, renewable_from: null, renewable_in_days: null },
      { labels: 'north|south' },
    ];
    const lines = more.map((fields, index) => JSON.stringify({ ...required(`c${index}`), ...fields }));
    expect(await importText('all.jsonl', lines)).toEqual({
      taken: [
        { ...required('c0'), ...more[0] },
        { ...required('c1'), ...DEFAULTS },
      ],
      faults: [[3, 'labels must be a list of up to 20 texts']],
    });
  });
});

const quotedCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const text = fc.stringMatching(/^[a-c",;ü証 ]{0,3}[a-c",;ü証]$/u).map((each) => each.trim());
/** Of CSV, where `|` separates. */
const record = fc.record({
  certification_id: text,
  mentor_id: text,
  expires_at: fc.constantFrom('2027-01-31', '2027-01-31T10:00:00Z'),
  type: fc.option(text),
  labels: fc.uniqueArray(text, { maxLength: 4 }),
  status: fc.constantFrom(...CERTIFICATION_STATUSES),
  renewable_from: fc.option(fc.constantFrom('2026-12-01', '2028-02-29')),
});
const COLUMNS = ALL.split(',') as (keyof Certification)[];

describe('records with any fields', () => {
  it('come out of CSV and JSON lines as they went in', async () => {
    const header = fc.shuffledSubarray([...COLUMNS, 'note'], { minLength: COLUMNS.length + 1 });
    await fc.assert(
      fc.asyncProperty(header, fc.array(record, { minLength: 1, maxLength: 6 }), async (columns, records) => {
        const rows = records.map(({ labels, ...others }) => {
          const cells: Record<string, string | null> = { ...others, labels: labels.join('|'), note: ',\n"' };
          return columns.map((column) => quotedCell(cells[column] ?? '')).join();
        });
        const csv = await importText('any.csv', [columns.join(), ...rows]);
        const jsonl = await importText(
          'any.jsonl',
          records.map((each) => JSON.stringify(each)),
        );
        for (const outcome of [csv, jsonl]) expect(outcome).toEqual({ taken: records, faults: [] });
      }),
      { numRuns: 60 },
    );
  });
});

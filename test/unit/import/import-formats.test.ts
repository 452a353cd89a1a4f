import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ImportError } from '../../../src/import/import-error.js';
import { createImportBench, HEADER, type ImportBench } from './import-fixture.js';

let bench: ImportBench;

beforeEach(() => {
  bench = createImportBench();
});

afterEach(() => bench.registry.close());

describe('CSV', () => {
  it('is read with quotes, CRLF, a byte order mark, empty lines, blanks around values and more columns', async () => {
    const text = [
      '\uFEFFnote,mentor_id, certification_id ,expires_at',
      'x,m1,c1,2027-01-31',
      '',
      '"a ""quoted"" note, with a comma","m,2","c 2",2027-02-28',
      '"two',
      'lines", m3 ,c3,2027-01-31T10:00:00Z',
      ',mentor Ünïcode,c4,2027-01-31T10:00:00.5+05:30',
      '',
    ].join('\r\n');
    expect(await bench.importText('good.csv', text)).toEqual({
      imported: 4,
      bad: 0,
      removed: undefined,
      faults: [],
    });
    expect(await bench.records()).toEqual(
      [
        'c 2 | m,2 | 2027-02-28',
        'c1 | m1 | 2027-01-31',
        'c3 | m3 | 2027-01-31T10:00:00Z',
        'c4 | mentor Ünïcode | 2027-01-31T10:00:00.5+05:30',
      ].sort((a, b) => (a.split(' | ')[1] ?? '').localeCompare(b.split(' | ')[1] ?? '')),
    );
  });

  it.each([
    ['a field in quotes', `"${'x'.repeat(2_000_000)}",m2,2027-01-31`],
    ['a field', `${'x'.repeat(2_000_000)},m2,2027-01-31`],
    ['as many columns', 'x,'.repeat(1_000_000)],
    ['zeros', '\u0000'.repeat(2_000_000)],
  ])('keeps the lines around one that is too long: %s', async (_, long) => {
    const outcome = await bench.importText('long.csv', [
      HEADER,
      'c1,m1,2027-01-31',
      long,
      'c3,m3,2027-01-31',
    ]);
    expect(outcome).toMatchObject({ imported: 2, bad: 1 });
    expect(outcome.faults).toEqual([[3, 'has more than 1000000 characters']]);
  });

  it('keeps the good lines, and tells of each bad one where it is and why it is bad', async () => {
    const outcome = await bench.importText('mixed.csv', [
      HEADER,
      'c1,m1,2027-01-31',
      'c2,m2',
      'c3,m3,2027-02-29',
      'c4,m4,31.12.2027',
      ',m5,2027-01-31',
      'c6,,2027-01-31',
      'c7,m7,',
      'c8,m8,2027-01-31,more',
      'c9,m9,2027-01-31T25:00:00Z',
      `${'x'.repeat(201)},m10,2027-01-31`,
      'c11,m\u000011,2027-01-31',
      'c12,m12,2027-01-31T10:00:00',
      'c13,m13,2028-02-29',
    ]);
    expect([outcome.imported, outcome.bad]).toEqual([2, 11]);
    const date = 'must be a date that exists';
    const expected: [number, string][] = [
      [3, 'has 2 columns, the header has 3'],
      [4, date],
      [5, date],
      [6, 'certification_id'],
      [7, 'mentor_id'],
      [8, date],
      [9, 'has 4 columns, the header has 3'],
      [10, date],
      [11, 'at most 200 characters'],
      [12, 'control characters'],
      [13, date],
    ];
    expect(outcome.faults).toEqual(expected.map(([line, reason]) => [line, expect.stringContaining(reason)]));
    expect(await bench.records()).toEqual(['c1 | m1 | 2027-01-31', 'c13 | m13 | 2028-02-29']);
  });

  it('says what is allowed where something is missing or of the wrong type', async () => {
    const text = 'must be a text of 1 to 200 characters';
    expect((await bench.importText('gap.csv', [HEADER, 'c1,,2027-01-31'])).faults).toEqual([
      [2, `mentor_id ${text}`],
    ]);
    const lines = ['{"certification_id":1,"mentor_id":"m","expires_at":"2027-01-31"}', '[]'];
    expect((await bench.importText('types.jsonl', lines)).faults).toEqual([
      [1, `certification_id ${text}`],
      [2, 'must be an object with certification_id, mentor_id, expires_at'],
    ]);
  });

  it('keeps the good lines around a quote where none belongs', async () => {
    const outcome = await bench.importText('quote.csv', [
      HEADER,
      'c1,m1,2027-01-31',
      'c2,m"2,2027-01-31',
      'c3,m3,2027-01-31',
    ]);
    expect(outcome.faults).toEqual([[3, expect.stringMatching(/quote/i)]]);
    expect(await bench.records()).toEqual(['c1 | m1 | 2027-01-31', 'c3 | m3 | 2027-01-31']);
  });

  it('has rows that end with CR LF, LF or CR, also in one file', async () => {
    const text = `${HEADER}\r\nc1,m,2027-01-31\nc2,m,2027-01-31\rc3,m,2027-01-31\r\n\n\r\rc4,m,never\nc5,m,2027-01-31\r`;
    expect(await bench.importText('ends.csv', text)).toMatchObject({
      imported: 4,
      faults: [[8, expect.stringContaining('expires_at')]],
    });
    for (const end of ['\r\n', '\n', '\r']) {
      const mixed = [`${HEADER}${end}d1,m,2027-01-31`, 'd2,m,2027-01-31\r\nd3,m,2027-01-31'].join('\n');
      expect(await bench.importText('mixed.csv', mixed)).toMatchObject({ imported: 3, bad: 0 });
    }
  });

  it('may have columns without a name', async () => {
    expect(await bench.importText('wide.csv', [`${HEADER},,`, 'c1,m1,2027-01-31,,'])).toMatchObject({
      imported: 1,
      bad: 0,
    });
  });

  it.each([
    ['an empty file', '', /is empty/],
    ['empty lines', '\n\r\n \t\n', /is empty/],
    ['a column twice', `${HEADER},mentor_id\nc1,m1,2027-01-31,m2`, /"mentor_id" twice/],
    [
      'a column twice, with blanks',
      `${HEADER}, expires_at \nc1,m1,2027-01-31,2028-01-31`,
      /"expires_at" twice/,
    ],
    [
      'a column twice, with blanks in quotes',
      `${HEADER},"expires_at "\nc1,m,2027-01-31,`,
      /"expires_at" twice/,
    ],
    ['a column twice that is not ours', `note,${HEADER},note\nn,c1,m1,2027-01-31,n`, /"note" twice/],
    ['semicolons', `${HEADER.replaceAll(',', ';')}\nc1;m1;2027-01-31`, /separator a comma.*seems to use ;/],
    ['tabs', `${HEADER.replaceAll(',', '\t')}\nc1\tm1\t2027-01-31`, /separator a comma.*seems to use tabs/],
    [
      'semicolons and quotes',
      '"certification_id";"mentor_id";"expires_at"',
      /header.*";" behind.*separator a comma\? [^?]*;$/,
    ],
    ['tabs and quotes', '"certification_id"\t"mentor_id"\t"expires_at"', /separator a comma\? [^?]*tabs$/],
    [
      'semicolons and a quote',
      'certification_id;"mentor_id";expires_at',
      /quote.*separator a comma\? [^?]*;$/,
    ],
    ['another separator inside a name', 'id,mentor_id,expires_at,x|y', /lacks certification_id; [^|?]*$/],
    ['another separator inside a name in quotes', '"x;y"z,mentor_id,expires_at', /"z" behind[^;?]*$/],
    [
      'a long name twice, with control characters',
      `${HEADER},${'\u009b\u202e'.repeat(99)},${'\u009b\u202e'.repeat(99)}`,
      /the column "(\\u009b\\u202e){20}"… twice/,
    ],
    [
      'the line of a spreadsheet',
      `sep=;\n${HEADER.replaceAll(',', ';')}`,
      /separator a comma.*seems to use ;/,
    ],
    [
      'a quote that is not closed',
      `"certification_id,mentor_id,expires_at\nc1,m1,2027-01-31`,
      /header.*line 1.*quote/,
    ],
    [
      'a quote inside a name',
      `certi"fication_id,mentor_id,expires_at\nc1,m1,2027-01-31`,
      /header.*line 1.*quote/,
    ],
    ['a name in Latin-1', Buffer.from(`${HEADER},begründung\nc1,m1,2027-01-31,x`, 'latin1'), /header.*UTF-8/],
    ['a line that is too long', `${HEADER},${'x'.repeat(1_000_000)}\n${HEADER}`, /header.*1000000/],
    ['a missing column', 'certification_id,expires_at\nc1,2027-01-31', /lacks mentor_id[^;]*;[^;]*$/],
    ['no header', 'c1,m1,2027-01-31', /lacks certification_id, mentor_id, expires_at/],
  ])('is refused as a whole: %s', async (_, text, message) => {
    const importing = bench.importText('refused.csv', text);
    await expect(importing).rejects.toThrow(ImportError);
    await expect(importing).rejects.toThrow(message);
    await expect(importing).rejects.toThrow('refused.csv');
  });
});

describe('JSON lines', () => {
  const line = (certification_id: unknown, more: object = {}): string =>
    JSON.stringify({ certification_id, mentor_id: 'm1', expires_at: '2027-01-31', ...more });

  it.each(['lines.jsonl', 'lines.ndjson', 'LINES.JSONL'])('are read from %s', async (name) => {
    const text = `\uFEFF${line('c1')}\r\n\r\n  ${line('c2', { note: 'not known' })}  \n${line('c3')}`;
    expect(await bench.importText(name, text)).toEqual({
      imported: 3,
      bad: 0,
      removed: undefined,
      faults: [],
    });
    expect(await bench.records()).toHaveLength(3);
  });

  it('keep the good ones, and tell of each bad one', async () => {
    const outcome = await bench.importText('mixed.jsonl', [
      line('c1'),
      '{"certification_id":',
      '[]',
      'null',
      line(5),
      line('c6', { expires_at: '2027-04-31' }),
      line('c7', { mentor_id: undefined }),
      line('c8'),
    ]);
    expect([outcome.imported, outcome.bad]).toEqual([2, 6]);
    expect(outcome.faults).toEqual([
      [2, 'is no valid JSON'],
      [3, expect.stringContaining('object')],
      [4, expect.stringContaining('object')],
      [5, expect.stringContaining('certification_id')],
      [6, expect.stringContaining('expires_at')],
      [7, expect.stringContaining('mentor_id')],
    ]);
  });

  it('end with LF or CR LF alone', async () => {
    const name = 'a\u2028b\u2029c\u0085d';
    const text = `${line('c1', { note: name })}\n${line(name.slice(0, 5))}\r\n${line('c3')}\r${line('c4')}\n {"certification_id":"c5",\r"mentor_id":"m1","expires_at":"2027-01-31"}`;
    const { imported, faults } = await bench.importText('ends.jsonl', text);
    expect(imported).toBe(3);
    expect(faults).toEqual([[3, 'is no valid JSON']]);
    expect(await bench.records()).toContain('a\u2028b\u2029c | m1 | 2027-01-31');
  });

  it('take no id with half a character or a control character', async () => {
    const outcome = await bench.importText('ids.jsonl', [
      line('c\ud800'),
      line('\udc00c'),
      line('c1', { mentor_id: 'm\udfff' }),
      line('c\u009b'),
      line('c1', { mentor_id: 'm\u0080' }),
      line('c\u007f'),
      line('c\u{1F4C5}'),
    ]);
    expect(outcome.imported).toBe(1);
    expect(outcome.faults).toEqual([
      [1, 'certification_id must not contain unpaired surrogates'],
      [2, 'certification_id must not contain unpaired surrogates'],
      [3, 'mentor_id must not contain unpaired surrogates'],
      [4, 'certification_id must not contain control characters'],
      [5, 'mentor_id must not contain control characters'],
      [6, 'certification_id must not contain control characters'],
    ]);
  });

  it.each(['text', '\u001b[2J\u009b', 'x'.repeat(900_000), 5, true, null, ['text'], ['fault']])(
    'take nothing but an object, and repeat none of it',
    async (value) => {
      const { faults } = await bench.importText('value.jsonl', JSON.stringify(value));
      expect(faults).toEqual([[1, 'must be an object with certification_id, mentor_id, expires_at']]);
    },
  );

  it('are not taken for a reason when they look like one', async () => {
    const { faults } = await bench.importText('value.jsonl', ['{"fault":"\\u001b[2J"}', '{"record":{}}']);
    expect(faults.map(([, reason]) => reason)).toEqual([
      expect.stringMatching(/^certification_id must be/),
      expect.stringMatching(/^certification_id must be/),
    ]);
  });

  it.each([null, true, '', [5], 1.5, 'soon'])(
    'take no expires_in_days that is no whole number: %j',
    async (expires_in_days) => {
      const { imported, bad } = await bench.importText(
        'days.jsonl',
        line('c1', { expires_at: undefined, expires_in_days }),
      );
      expect([imported, bad]).toEqual([0, 1]);
    },
  );
});

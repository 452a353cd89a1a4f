import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runToEnd, type Ended } from './run-to-end.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const LINES = 120_000;
const HEAP_MB = 24;

describe('the import', () => {
  function importFile(name: string, text?: string): Ended {
    const file = join(temporaryFolder(), name);
    if (text !== undefined) writeFileSync(file, text);
    return runToEnd('dist/cli/cli.js', {}, ['import', file]);
  }

  const HEADER = 'certification_id,mentor_id,expires_at';

  it('ends with 0 when all lines were taken', () => {
    const { status, stdout, stderr } = importFile('good.csv', `${HEADER}\nc1,m1,2027-01-31\n`);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^imported 1, bad lines 0; the registry holds 1 certifications/);
  });

  it('names the columns that it does not read: a misspelt one would be missed by nobody', () => {
    const { status, stderr } = importFile(
      'some.csv',
      `${HEADER},stauts,Type\nc1,m1,2027-01-31,withdrawn,x\n`,
    );
    expect([status, stderr]).toEqual([0, 'columns that are not read: "stauts", "Type"\n']);
  });

  it.each(['csv', 'jsonl'])(
    `takes ${LINES} lines of %s in a heap of ${HEAP_MB} MB`,
    (format) => {
      const file = join(temporaryFolder(), `many.${format}`);
      const out = openSync(file, 'w');
      if (format === 'csv') writeSync(out, `${HEADER}\n`);
      for (let index = 0; index < LINES; index++) {
        const record = [`cert-${index}`, `mentor-${index % 40_000}`, '2027-01-31'];
        const [certification_id, mentor_id, expires_at] = record;
        writeSync(
          out,
          `${format === 'csv' ? record.join() : JSON.stringify({ certification_id, mentor_id, expires_at })}\n`,
        );
      }
      closeSync(out);
      const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
      const { status, stdout, stderr } = runToEnd('dist/cli/cli.js', env, ['import', file]);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`the registry holds ${LINES} certifications`);
    },
    60_000,
  );

  it('ends with 1 when some lines were bad', () => {
    const { status, stdout, stderr } = importFile('bad.csv', `${HEADER}\nc1,m1,2027-01-31\nc2,m2,never\n`);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^imported 1, bad lines 1;/);
    expect(stderr).toMatch(/^line 3: expires_at must be a date/);
  });

  it.each(['missing.csv', 'missing.jsonl'])('ends with 2 when there is no file: %s', (name) => {
    const { status, stderr } = importFile(name);
    expect(status).toBe(2);
    expect(stderr).toContain(name);
  });

  it.each([[['import']], [['import', 'a.csv', '--nonsense']], [['nonsense']]])(
    'ends with 2 when it is used in a wrong way: %j',
    (args) => {
      const { status, stderr } = runToEnd('dist/cli/cli.js', {}, args);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^error: /);
    },
  );

  it('shows its version, which is that of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { status, stdout } = runToEnd('dist/cli/cli.js', {}, ['--version']);
    expect([status, stdout]).toEqual([0, `${version}\n`]);
  });

  it('shows its help, which is no fault', () => {
    const { status, stdout } = runToEnd('dist/cli/cli.js', {}, ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('import [options] <file>');
  });

  it('ends with 78 when the configuration is wrong', () => {
    const { status, stderr } = runToEnd('dist/cli/cli.js', { PORT: 'x' }, ['import', 'a.csv']);
    expect(status).toBe(78);
    expect(stderr).toContain('PORT');
  });

  it('ends with 1, and removes nothing, when a file to replace all is not in UTF-8', () => {
    const file = join(temporaryFolder(), 'names.csv');
    const env = { DATA_DIR: temporaryFolder() };
    const text = `${HEADER}\nkäthe,m1,2027-01-31\nköthe,m1,2027-01-31\n`;
    writeFileSync(file, text);
    expect(runToEnd('dist/cli/cli.js', env, ['import', file]).status).toBe(0);
    writeFileSync(file, text, 'latin1');
    const { status, stdout, stderr } = runToEnd('dist/cli/cli.js', env, ['import', '--replace', file]);
    expect([status, stderr]).toEqual([1, 'line 2: is no text in UTF-8\nline 3: is no text in UTF-8\n']);
    expect(stdout).toMatch(/^imported 0, bad lines 2; the registry holds 2 certifications/);
    expect(stdout).toContain('nothing was removed');
  });

  it.each([
    ['lacks a column', 'a,b,c\n1,2,3\n', 'the header lacks certification_id'],
    [
      'names a column twice',
      `${HEADER},mentor_id\nc1,m1,2027-01-31,m2\n`,
      'names the column "mentor_id" twice',
    ],
  ])('ends with 2 when the header %s', (_, text, reason) => {
    const { status, stdout, stderr } = importFile('wrong.csv', text);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });
});

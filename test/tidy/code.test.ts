import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesUnder, parse, read, walk } from './source.js';

const files = filesUnder('src', '.ts').filter((file) => !file.endsWith('.d.ts'));
const MOST_LINES_OF_A_FILE = 220;
const MOST_LINES_OF_A_FUNCTION = 70;
const MOST_LINES_OF_WIRING = 60;
/** A factory holds the functions that share its state; those are counted by themselves. */
const FACTORY = /^(create|open)[A-Z]|Routes$/;
/** Exports nothing, or exports what it is for under the names of another package. */
const WITHOUT_A_NAMESAKE = ['main', 'cli', 'command-line', 'driver', 'variables'];

describe('the code', () => {
  it.each(files)('is in files that can be read at once: %s', (file) => {
    expect(read(file).split('\n').length - 1).toBeLessThanOrEqual(MOST_LINES_OF_A_FILE);
  });

  it('is in functions that can be read at once', () => {
    const long = files.flatMap((file) =>
      functionsIn(file).filter(({ lines }) => lines > MOST_LINES_OF_A_FUNCTION),
    );
    expect(long.filter(({ name }) => !FACTORY.test(name))).toEqual([]);
  });

  it('wires the service in functions that read like a table of contents', () => {
    const wiring = files.flatMap(functionsIn).filter(({ name }) => /^create(Core|App)$/.test(name));
    expect(wiring).toHaveLength(2);
    expect(wiring.filter(({ lines }) => lines > MOST_LINES_OF_WIRING)).toEqual([]);
  });

  it('is in files that share a word of their names with what they export', () => {
    const misnamed = files.filter((file) => {
      const name = basename(file, '.ts');
      const exported = exportsOf(file).flatMap(words);
      return !WITHOUT_A_NAMESAKE.includes(name) && !words(name).some((word) => exported.includes(word));
    });
    expect(misnamed).toEqual([]);
  });

  it('subscribes to the log in the follower, in the proof and in what replays a log alone', () => {
    const outside = files.filter((file) => !file.startsWith('src/adapters/'));
    expect(outside.filter((file) => read(file).includes('.subscribe('))).toEqual([
      'src/following/follower.ts',
      'src/ledger/verify-log.ts',
      'src/replay/read-selected.ts',
    ]);
  });

  it('has one pause that grows', () => {
    expect(files.filter((file) => read(file).includes('2 **'))).toEqual(['src/waiting/pauses.ts']);
  });

  it('compares the version of Node.js before it loads what an old one cannot read', () => {
    const atOnce = new Set(['src/main.ts', 'src/cli/cli.ts']);
    for (const file of atOnce) for (const imported of importedAtOnce(file)) atOnce.add(imported);
    const modules = [...atOnce].filter((name) => !name.startsWith('src/'));
    expect(modules).toEqual(['node:fs']);
    expect(atOnce.size - modules.length).toBe(4);
  });

  it('leaves nothing to be done later, and nothing switched off', () => {
    const marks = /\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.only\b/;
    const tests = filesUnder('test', '.ts').filter((file) => !file.startsWith('test/tidy/'));
    const all = [...files, ...tests, ...filesUnder('bench', '.ts')];
    expect(all.filter((file) => marks.test(read(file)))).toEqual([]);
  });
});

function functionsIn(file: string): { file: string; name: string; lines: number }[] {
  const found: { file: string; name: string; lines: number }[] = [];
  const source = parse(file);
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
    const lines = lineOf(node.end) - lineOf(node.getStart()) + 1;
    const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
    found.push({ file, name: named?.getText() ?? 'without a name', lines });
  });
  return found;
}

/** The files and modules that are loaded before the first line of a file is run. */
function importedAtOnce(file: string): string[] {
  if (!file.startsWith('src/')) return [];
  return parse(file).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (statement.moduleSpecifier === undefined) return [];
    const name = (statement.moduleSpecifier as ts.StringLiteral).text;
    return name.startsWith('.') ? join(dirname(file), name.replace(/\.js$/, '.ts')) : name;
  });
}

function exportsOf(file: string): string[] {
  return parse(file).statements.flatMap((statement) => {
    const isExported = (ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined)?.some(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
    );
    if (isExported !== true) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    return 'name' in statement ? [(statement.name as ts.Identifier).text] : [];
  });
}

/** Of camelCase, CONSTANT_CASE and kebab-case; singular, so that `slots` is a word of `SLOT_ENGINE_VERSION`. */
function words(name: string): string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return parted.split(/[-_]/).map((word) => word.replace(/ies$/, 'y').replace(/(or|s|es|d)$/, ''));
}

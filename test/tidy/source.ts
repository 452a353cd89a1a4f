import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** All files under a folder whose names end so, by their paths from the root of the project. */
export function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function read(file: string): string {
  return readFileSync(file, 'utf8');
}

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
}

/** Calls `visit` with each node of a file. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    walk(child, visit);
  });
}

/** The texts of a union, such as the codes of an error. */
export function literalsOfType(file: string, name: string): string[] {
  const found: string[] = [];
  walk(parse(file), (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== name) return;
    walk(node, (part) => {
      if (ts.isStringLiteral(part)) found.push(part.text);
    });
  });
  if (found.length === 0) throw new Error(`${file} has no texts in ${name}`);
  return found;
}

/** The rows of the Markdown table whose header holds `column`, as cells without blanks around them. */
export function tableRows(markdown: string, column: string): string[][] {
  const lines = markdown.split('\n');
  const header = lines.findIndex((line) => line.startsWith('|') && cells(line).includes(column));
  if (header === -1) throw new Error(`there is no table with the column ${column}`);
  const rest = lines.slice(header + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? rest.length : end).map(cells);
}

function cells(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}

/** What stands between backticks. */
export function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner);
}

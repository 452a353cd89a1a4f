import ts from 'typescript';
import { filesUnder, parse, walk } from './source.js';

/** Properties and functions that take the text of a log line. */
const TEXT_PROPERTIES = ['faultText', 'progressText'];
const TELLING_FUNCTIONS = ['trying'];

/** The texts of all lines that the service logs, but for those of the level debug. */
export function logTexts(): Set<string> {
  const texts = new Set<string>();
  for (const file of filesUnder('src', '.ts')) {
    const source = parse(file);
    walk(source, (node) => {
      for (const text of textsOf(node, source)) texts.add(text);
    });
  }
  return texts;
}

function textsOf(node: ts.Node, source: ts.SourceFile): string[] {
  if (ts.isPropertyAssignment(node) && TEXT_PROPERTIES.includes(node.name.getText()))
    return literalsOf(node.initializer, source);
  if (!ts.isCallExpression(node)) return [];
  const called = node.expression;
  if (ts.isIdentifier(called) && TELLING_FUNCTIONS.includes(called.text))
    return literalsOf(node.arguments[0], source);
  const isLogger =
    (ts.isPropertyAccessExpression(called) && called.name.text !== 'debug') ||
    ts.isElementAccessExpression(called);
  if (!isLogger || !/(^|\.)logger$/.test(called.expression.getText())) return [];
  return literalsOf(node.arguments[1], source);
}

/** Of a text, of both ends of a choice, and of a constant of the same file. */
function literalsOf(node: ts.Node | undefined, source: ts.SourceFile): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [`${node.head.text}...`];
  if (ts.isConditionalExpression(node))
    return [...literalsOf(node.whenTrue, source), ...literalsOf(node.whenFalse, source)];
  if (!ts.isIdentifier(node)) return [];
  const found: string[] = [];
  walk(source, (other) => {
    if (ts.isVariableDeclaration(other) && other.name.getText() === node.text && other.initializer)
      found.push(...literalsOf(other.initializer, source));
  });
  return found;
}

import { MOST_CHARACTERS, type TextLine } from './read-lines.js';
import { scanRow, type OpenRow } from './scan-row.js';

/** A record of a file, or why there is none, with the line where it begins. */
export type Line<T> = { line: number; record: T } | { line: number; fault: string };

const NOT_CLOSED = 'opens a quote that is not closed';
/** Short lines take more memory than their characters. */
const MOST_LINES = 10_000;

/**
 * The rows of CSV as records. `toRecord` gives a record, the reason why a row is none, or undefined for a row that is
 * neither. A row may go on over line ends inside quotes, but only one that is good as a whole does: otherwise its first
 * line is reported, and reading goes on with the line behind that, so that a stray quote costs its own row alone.
 *
 * The time is linear: a row that goes on takes a line with an odd number of quotes for its end or for its fault, so the
 * lines between hold an even number, and none of them leaves a quote open when it is read again.
 */
export async function* readRows<T extends object>(
  lines: AsyncIterable<TextLine>,
  toRecord: (cells: string[]) => T | string | undefined,
): AsyncGenerator<Line<T>> {
  let begun: BegunRow | undefined;

  function* take(line: number, text: string): Generator<Line<T>> {
    if (begun === undefined) {
      yield* begin(line, text);
      return;
    }
    begun.characters += text.length + 1;
    if (begun.texts.length === MOST_LINES || begun.characters > MOST_CHARACTERS) {
      yield* giveUp(`${NOT_CLOSED} within ${MOST_LINES} lines or ${MOST_CHARACTERS} characters`);
      yield* take(line, text);
      return;
    }
    const scanned = scanRow(text, begun.open);
    if ('open' in scanned) {
      begun.texts.push(text);
      begun.open = scanned.open;
      return;
    }
    const record = 'fault' in scanned ? scanned.fault : toRecord(scanned.cells);
    if (typeof record === 'string') {
      yield* giveUp(`${record} (read as a row of ${begun.texts.length + 1} lines)`);
      yield* take(line, text);
      return;
    }
    if (record !== undefined) yield { line: begun.line, record };
    begun = undefined;
  }

  function* begin(line: number, text: string): Generator<Line<T>> {
    if (text.trim() === '') return;
    const scanned = scanRow(text);
    if ('open' in scanned) {
      begun = { line, texts: [text], characters: text.length, open: scanned.open };
      return;
    }
    const record = 'fault' in scanned ? scanned.fault : toRecord(scanned.cells);
    if (typeof record === 'string') yield { line, fault: record };
    else if (record !== undefined) yield { line, record };
  }

  function* giveUp(fault: string): Generator<Line<T>> {
    if (begun === undefined) return;
    const { line, texts } = begun;
    begun = undefined;
    yield { line, fault };
    for (let index = 1; index < texts.length; index++) yield* take(line + index, texts[index] ?? '');
  }

  for await (const next of lines) {
    if ('text' in next) {
      yield* take(next.line, next.text);
    } else {
      yield* giveUp(NOT_CLOSED);
      yield next;
    }
  }
  yield* giveUp(NOT_CLOSED);
}

/** A row with an open quote: the lines that it has so far, to be read again when it turns out to be none. */
interface BegunRow {
  line: number;
  texts: string[];
  characters: number;
  open: OpenRow;
}

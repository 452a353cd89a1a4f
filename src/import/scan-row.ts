import { quoted } from './quoted.js';

/** A row that is not at its end: a quote is open. */
export interface OpenRow {
  cells: string[];
  /** What the open cell holds so far. */
  cell: string;
}

/** What a line of CSV makes of the row that it begins or goes on with. */
export type Scanned = { cells: string[] } | { open: OpenRow } | { fault: string };

/** Blanks as `trim` takes them. */
const BLANKS = /\s*/y;

/**
 * Reads one line of CSV (RFC 4180) and drops blanks around values. A quote is allowed around a whole value, doubled inside
 * such quotes, and nowhere else. `open` is what the line before left open; it is used up.
 */
export function scanRow(text: string, open?: OpenRow): Scanned {
  if (open === undefined && !text.includes('"')) return { cells: text.split(',').map((cell) => cell.trim()) };
  const cells = open?.cells ?? [];
  let cell = open?.cell;
  let at = 0;
  for (;;) {
    if (cell === undefined) {
      const start = behindBlanks(text, at);
      if (text[start] === '"') {
        cell = '';
        at = start + 1;
        continue;
      }
      const comma = text.indexOf(',', at);
      const value = text.slice(at, comma === -1 ? undefined : comma);
      if (value.includes('"')) return { fault: 'has a quote inside a value that is not in quotes' };
      cells.push(value.trim());
      if (comma === -1) return { cells };
      at = comma + 1;
    } else {
      const quote = text.indexOf('"', at);
      if (quote === -1) return { open: { cells, cell: `${cell}${text.slice(at)}\n` } };
      cell += text.slice(at, quote);
      at = quote + 1;
      if (text[at] === '"') {
        cell += '"';
        at++;
        continue;
      }
      at = behindBlanks(text, at);
      if (at < text.length && text[at] !== ',') {
        const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
        return { fault: `has ${quoted(character)} behind a closing quote, where only a comma may be` };
      }
      cells.push(cell);
      if (at === text.length) return { cells };
      cell = undefined;
      at++;
    }
  }
}

function behindBlanks(text: string, from: number): number {
  BLANKS.lastIndex = from;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

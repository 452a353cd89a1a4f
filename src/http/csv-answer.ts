import type { Request, Response } from 'express';
import { whenDrained } from './when-drained.js';

export type CsvValue = string | number | null;

export interface CsvFile {
  /** Letters, digits, hyphens and dots. */
  name: string;
  columns: readonly string[];
}

export interface CsvExchange {
  request: Pick<Request, 'method'>;
  response: Pick<
    Response,
    'setHeader' | 'write' | 'end' | 'once' | 'off' | 'headersSent' | 'writableNeedDrain'
  >;
  /** Aborts when the client has hung up. */
  gone: AbortSignal;
}

/** Takes a row; the next one waits for what it returns. Throws when the client has hung up. */
export type WriteRow = (row: readonly CsvValue[]) => Promise<void> | undefined;

/** Rows are sent together, so that each is no write of its own. */
const PIECE = 16_384;

/**
 * Answers with a CSV file (RFC 4180), as a stream: it goes as fast as the client reads, and memory holds a piece of it.
 * Until the first piece is sent what `produce` throws becomes a problem; later it cuts the connection, so that nobody
 * takes a part for the whole. Values are sent as they are, also those that a spreadsheet would take for a formula.
 */
export async function answerCsv(
  { request, response, gone }: CsvExchange,
  { name, columns }: CsvFile,
  produce: (write: WriteRow) => Promise<void>,
): Promise<void> {
  let piece = csvLine(columns);

  function begin(): void {
    if (response.headersSent) return;
    response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  }

  const write: WriteRow = (row) => {
    gone.throwIfAborted();
    piece += csvLine(row);
    if (piece.length < PIECE) return undefined;
    begin();
    const taken = response.write(piece);
    piece = '';
    return taken ? undefined : whenDrained({ response, gone });
  };
  if (request.method !== 'HEAD') await produce(write);
  begin();
  response.end(piece);
}

/** One row with its line end. */
export function csvLine(row: readonly CsvValue[]): string {
  return `${row.map(cellOf).join(',')}\r\n`;
}

/** Blanks around a value are a part of it: readers drop them where there are no quotes. */
function cellOf(value: CsvValue): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerCsv, csvLine, type CsvValue } from '../../../src/http/csv-answer.js';

describe('a row', () => {
  it.each<[CsvValue[], string]>([
    [['a', 1, null], 'a,1,\r\n'],
    [['a,b', 'say "x"', 'two\nlines', 'two\r\nlines'], '"a,b","say ""x""","two\nlines","two\r\nlines"\r\n'],
    [[' a', 'b ', '\u00a0c', '\ufeffd'], '" a","b ","\u00a0c","\ufeffd"\r\n'],
    [['=1+1', '+1', '-1', '@x', 'Zoë 🎓', 'a b'], '=1+1,+1,-1,@x,Zoë 🎓,a b\r\n'],
  ])('of %j', (row, line) => {
    expect(csvLine(row)).toBe(line);
  });

  it('gives every text back to a reader of RFC 4180', () => {
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, (row) => {
        expect(readRow(csvLine(row))).toEqual(row);
      }),
    );
  });

  /** Written for this test alone. */
  function readRow(line: string): string[] {
    const cells: string[] = [];
    for (let rest = line; rest !== '';) {
      const [whole = rest, inQuotes, plain] =
        /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n$)/.exec(rest) ?? [];
      cells.push(inQuotes?.replaceAll('""', '"') ?? plain ?? 'no cell');
      rest = rest.slice(whole.length);
    }
    return cells;
  }
});

/** A response whose client reads when it is told to. */
class SlowResponse extends Writable {
  headersSent = false;
  readonly headers = new Map<string, string>();
  text = '';
  #take: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1_024 });
  }

  setHeader(name: string, value: string): this {
    this.headers.set(name, value);
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, taken: () => void): void {
    this.headersSent = true;
    this.text += chunk.toString();
    this.#take = taken;
  }

  takeAll(): void {
    const taken = this.#take;
    this.#take = undefined;
    taken?.();
  }
}

function answering(method = 'GET') {
  const response = new SlowResponse();
  const leaving = new AbortController();
  const exchange = { request: { method }, response: response as never, gone: leaving.signal };
  return { response, leaving, exchange };
}

const FILE = { name: 'all.csv', columns: ['a', 'b'] };
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('an answer', () => {
  it('has a header row also without rows, and says what it is', async () => {
    const { response, exchange } = answering();
    await answerCsv(exchange, FILE, () => Promise.resolve());
    expect(response.text).toBe('a,b\r\n');
    expect(Object.fromEntries(response.headers)).toEqual({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="all.csv"',
    });
  });

  it('waits for a client that does not read, and goes on when it does', async () => {
    const { response, exchange } = answering();
    let rows = 0;
    const answered = answerCsv(exchange, FILE, async (write) => {
      for (; rows < 10_000; rows++) await write(['x'.repeat(100), rows]);
    });
    await turns();
    const before = rows;
    expect(before).toBeLessThan(500);
    await turns();
    expect(rows).toBe(before);
    const taking = setInterval(() => {
      response.takeAll();
    });
    await answered;
    clearInterval(taking);
    expect(rows).toBe(10_000);
  });

  it('ends when its client hangs up', async () => {
    const { leaving, exchange } = answering();
    let rows = 0;
    const answered = answerCsv(exchange, FILE, async (write) => {
      for (;;) {
        await write(['x'.repeat(100), null]);
        rows++;
      }
    });
    await turns();
    leaving.abort(null);
    await expect(answered).rejects.toBeNull();
    expect(rows).toBeLessThan(500);
  });

  it('has sent nothing when what makes the rows fails at the beginning', async () => {
    const { response, exchange } = answering();
    const failing = answerCsv(exchange, FILE, async (write) => {
      await write(['1', '2']);
      throw new Error('down');
    });
    await expect(failing).rejects.toThrow('down');
    expect([response.text, response.headers.size]).toEqual(['', 0]);
  });

  it('to HEAD makes no rows', async () => {
    const { response, exchange } = answering('HEAD');
    await answerCsv(exchange, FILE, () => Promise.reject(new Error('asked')));
    expect(response.headers.size).toBe(2);
  });
});

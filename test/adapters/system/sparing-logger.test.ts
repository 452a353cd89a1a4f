import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSparingLogger } from '../../../src/adapters/system/sparing-logger.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const SECOND = 1_000;
const LEFT_OUT = 'more lines of this kind were left out';
const OVER = 'no more lines of this kind';
const DOWN = 'request deferred with 503';

function sparing() {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const { lines, ...logger } = createCollectingLogger();
  return { clock, lines, logger: createSparingLogger(logger, clock) };
}

const down = (text = 'log.db: no answer') => new StoreError('store_unavailable', text);
const told = (lines: readonly LogLine[], text: string) => lines.filter(({ message }) => message === text);

describe('a store that is down', () => {
  it('for an hour at 40 requests a second is one line with its error, then counts, then a line when it is over', async () => {
    const { clock, lines, logger } = sparing();
    for (let interval = 0; interval < 360; interval++) {
      for (let request = 0; request < 400; request++)
        logger.warn({ err: down(), request_id: `${interval}-${request}` }, DOWN);
      await clock.advance(10 * SECOND);
    }
    expect(told(lines, DOWN)).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', message: DOWN, fields: { err: expect.any(StoreError) } });
    expect(Buffer.byteLength(lines.map((line) => JSON.stringify(line)).join('\n'))).toBeLessThan(100_000);
    await clock.advance(20 * SECOND);
    expect(lines.at(-1)).toMatchObject({
      level: 'info',
      message: OVER,
      fields: { of: DOWN, error: 'StoreError: log.db: no answer', left_out_in_all: 143_999 },
    });
    expect(lines.map(({ fields }) => ('left_out' in fields ? Number(fields.left_out) : 0))).toContain(400);
  }, 60_000);

  it('again after it was back is told again', async () => {
    const { clock, lines, logger } = sparing();
    logger.warn({ err: down() }, DOWN);
    await clock.advance(20 * SECOND);
    logger.warn({ err: down() }, DOWN);
    expect(lines.map(({ message }) => message)).toEqual([DOWN, DOWN]);
  });

  it('hides neither another store nor another line', () => {
    const { lines, logger } = sparing();
    for (const text of ['log.db', 'read.db'])
      for (const message of [DOWN, 'tick failed; retrying'])
        for (let again = 0; again < 3; again++) logger.warn({ err: down(text) }, message);
    expect(lines).toHaveLength(4);
  });
});

describe('a fault of the program', () => {
  it('is logged with its request the first times in each interval, and counted beyond', async () => {
    const { clock, lines, logger } = sparing();
    for (let interval = 0; interval < 3; interval++) {
      for (let request = 0; request < 100; request++)
        logger.error({ err: new TypeError('x is undefined'), request_id: `${request}` }, 'request failed');
      await clock.advance(10 * SECOND);
    }
    expect(told(lines, 'request failed')).toHaveLength(15);
    expect(told(lines, LEFT_OUT)).toEqual(
      Array.from({ length: 3 }, () =>
        expect.objectContaining({ level: 'error', fields: expect.objectContaining({ left_out: 95 }) }),
      ),
    );
  });
});

it('what was left out is told at the end, and nothing is left out after it', () => {
  const { lines, logger } = sparing();
  for (let line = 0; line < 10; line++) logger.warn({ err: down() }, DOWN);
  logger.end();
  expect(lines.map(({ message }) => message)).toEqual([DOWN, LEFT_OUT]);
  for (let line = 0; line < 3; line++) logger.warn({ err: down() }, DOWN);
  expect(lines).toHaveLength(5);
});

it('info and debug lines pass', () => {
  const { lines, logger } = sparing();
  for (let line = 0; line < 50; line++) {
    logger.info({}, 'ready');
    logger.debug({}, 'detail');
  }
  expect(lines).toHaveLength(100);
});

it('any lines in any time: few are written, and each is written or counted', async () => {
  const line = fc.record({
    level: fc.constantFrom('warn' as const, 'error' as const),
    message: fc.constantFrom('first', 'second'),
    err: fc.oneof(
      fc.constant(undefined),
      fc.string().map((text) => new Error(text)),
      fc.string().map(down),
      fc.string(),
    ),
    wait: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30_000) }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 200 }), async (given) => {
      const { clock, lines, logger } = sparing();
      let intervals = 1;
      for (const { level, message, err, wait } of given) {
        if (wait > 0) await clock.advance(wait);
        intervals += wait > 0 ? 1 + Math.ceil(wait / 10_000) : 0;
        logger[level]({ err }, message);
      }
      logger.end();
      const written = lines.filter(({ message }) => message === 'first' || message === 'second').length;
      const counted = told(lines, LEFT_OUT).reduce(
        (sum, { fields }) => sum + ('left_out' in fields ? Number(fields.left_out) : 0),
        0,
      );
      expect(written + counted).toBe(given.length);
      expect(written).toBeLessThanOrEqual(intervals * 2 * 2 * 6 * 5);
    }),
    { numRuns: 50 },
  );
});

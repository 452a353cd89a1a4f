import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLineOutput, type StandardStream } from '../../../src/adapters/system/line-output.js';
import { createLogger } from '../../../src/adapters/system/logger.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A stream that nobody reads until `read` is called; `isTTY` has it written as a stream. */
function unreadStream() {
  const stream = new PassThrough({ highWaterMark: 1 });
  return Object.assign(stream, { fd: 1, isTTY: true }) as unknown as StandardStream & PassThrough;
}

function fileStream(fd: number): StandardStream {
  return Object.assign(new PassThrough(), { fd, isTTY: false }) as unknown as StandardStream;
}

describe('the output of lines', () => {
  it('keeps a limited number of bytes for a reader that stands still, and goes on when it reads', async () => {
    const stream = unreadStream();
    const output = createLineOutput(stream);
    const line = `${'x'.repeat(999)}\n`;
    for (let nth = 0; nth < 5_000; nth++) output.write(line);
    expect(stream.writableLength).toBeLessThan(1_100_000);
    expect(output.dropped()).toBeGreaterThan(3_900);
    const dropped = output.dropped();
    let taken = 0;
    stream.on('data', (chunk: Buffer) => (taken += chunk.length));
    while (taken < 1_000 * (5_000 - dropped)) await new Promise((resolve) => setImmediate(resolve));
    output.write(line);
    expect(output.dropped()).toBe(dropped);
    expect(output.takesLines()).toBe(true);
  });

  it('drops lines once the reader is gone', () => {
    const stream = unreadStream();
    const output = createLineOutput(stream);
    stream.destroy(new Error('EPIPE'));
    output.write('lost\n');
    expect([output.dropped(), output.takesLines()]).toEqual([1, false]);
  });

  it('drops lines on a full disk, and goes on', () => {
    const full = openSync('/dev/full', 'w');
    const output = createLineOutput(fileStream(full));
    output.write('lost\n');
    output.write('lost, too\n');
    expect([output.dropped(), output.takesLines()]).toEqual([2, false]);
    closeSync(full);
    const path = join(temporaryFolder(), 'log');
    // The descriptor now leads to a file that takes lines: as when somebody has freed the disk.
    const file = openSync(path, 'w');
    expect(file).toBe(full);
    expect(fstatSync(file).isFile()).toBe(true);
    output.write('kept\n');
    expect([output.dropped(), output.takesLines()]).toEqual([2, true]);
    expect(readFileSync(path, 'utf8')).toBe('kept\n');
    closeSync(file);
  });
});

it('the logger tells how many lines were dropped as soon as lines are taken again', () => {
  const written: Record<string, unknown>[] = [];
  let dropped = 0;
  let takes = true;
  const logger = createLogger('info', {
    write: (line) => (takes ? written.push(JSON.parse(line) as Record<string, unknown>) : dropped++),
    dropped: () => dropped,
    takesLines: () => takes,
  });
  logger.info({}, 'first');
  takes = false;
  logger.info({}, 'lost');
  logger.error({}, 'lost, too');
  takes = true;
  logger.info({}, 'second');
  logger.info({}, 'third');
  expect(written.map(({ msg, lines }) => [msg, lines])).toEqual([
    ['first', undefined],
    ['log lines were dropped: the output did not take them', 2],
    ['second', undefined],
    ['third', undefined],
  ]);
  expect(logger.dropped?.()).toBe(2);
});

import { Writable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { openOutput, OutputError } from '../../../src/cli/output.js';

/** Fails with the code from the second text on. */
function failing(code: string) {
  const taken: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      done(taken.length < 2 ? null : Object.assign(new Error(`${code}: write`), { code }));
    },
  });
  return { taken, output: openOutput(stream) };
}

it('a reader that has gone away ends the output, and is no fault', async () => {
  const { taken, output } = failing('EPIPE');
  await output.write('one');
  expect(output.gone.aborted).toBe(false);
  for (const text of ['two', 'three', '']) await output.write(text);
  expect(output.gone.aborted).toBe(true);
  expect(taken).toEqual(['one', 'two']);
});

it('what cannot be written is thrown with its cause, then and later', async () => {
  const { taken, output } = failing('ENOSPC');
  await output.write('one');
  for (const text of ['two', 'three', '']) {
    const written = output.write(text);
    await expect(written).rejects.toThrow(OutputError);
    await expect(written).rejects.toThrow('standard output cannot be written: ENOSPC: write');
  }
  expect(output.gone.aborted).toBe(false);
  expect(taken).toEqual(['one', 'two']);
});

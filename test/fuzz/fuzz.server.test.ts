import { beforeAll, expect, it } from '@jest/globals';
import { obtainPython, ofFuzzer } from '../servers/python-environment.js';
import { runPython } from '../servers/run-python.js';
import { describeWithPython } from '../servers/with-python.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fuzzWith, isClean } from './fuzz-with.js';

describeWithPython('random requests made from the document', (linter) => {
  let python: string;

  beforeAll(async () => {
    const found = await obtainPython(ofFuzzer);
    if (found.kind === 'missing') throw new Error(`no Schemathesis: ${found.reason}`);
    python = found.url;
  }, 300_000);

  it.each([
    ['are made by code that leaves nothing to the linter', ['check', '--no-cache', '.']],
    ['are made by code that is formatted', ['format', '--no-cache', '--check', '.']],
  ])('%s', (_, args) => {
    const { status, stdout, stderr } = runPython(linter, ['-m', 'ruff', ...args], 'test/fuzz');
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
  });

  it('are answered as it says', async () => {
    const said: string[] = [];
    const outcome = await fuzzWith('all', {
      python,
      examples: 5,
      seed: 1,
      // The systematic requests of the phase `coverage` are as many as take half a minute; `npm run fuzz` has them, too.
      phases: ['examples', 'fuzzing', 'stateful'],
      folder: temporaryFolder(),
      onLine: (line) => said.push(line),
    });
    const { failures, errors, logged, operations, requests, statuses } = outcome;
    expect({ failures, errors, logged, said: isClean(outcome) ? [] : said }).toEqual({
      failures: [],
      errors: [],
      logged: [],
      said: [],
    });
    expect(operations).toBeGreaterThanOrEqual(34);
    expect(requests).toBeGreaterThan(150);
    // Where all are refused, nothing has been tried.
    expect(statuses['200']).toBeGreaterThan(40);
    expect(statuses['201']).toBeGreaterThan(0);
    expect(statuses['400']).toBeGreaterThan(20);
  }, 120_000);
});

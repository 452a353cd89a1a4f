import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runPython } from '../servers/run-python.js';
import { describeWithPython } from '../servers/with-python.js';

describeWithPython('the examples in Python', (python) => {
  describe.each(['external-executor', 'read-topics'])('%s', (name) => {
    const folder = join('examples', name);
    const caches = dirname(dirname(python));

    it.each([
      ['pass their own tests', ['-m', 'unittest', '-b']],
      ['leave nothing to the linter', ['-m', 'ruff', 'check', '--no-cache', '.']],
      ['are formatted', ['-m', 'ruff', 'format', '--no-cache', '--check', '.']],
      ['are typed', ['-m', 'mypy', '--cache-dir', join(caches, `mypy-${name}`), '.']],
    ])('%s', (_, args) => {
      const { status, stdout, stderr } = runPython(python, args, folder);
      expect(`${stdout}${stderr}`).not.toContain('Ran 0 tests');
      expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
    });
  });
});

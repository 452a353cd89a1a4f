import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.js';
import { obtainPython } from './python-environment.js';

const PATH = process.env.PATH ?? '';
afterEach(() => {
  process.env.PATH = PATH;
});

/** Puts a program in the place of python3. */
function python3That(does: string): void {
  const folder = temporaryFolder();
  const program = join(folder, 'python3');
  writeFileSync(program, `#!/bin/sh\n${does}\n`);
  chmodSync(program, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
}

it('Python is missing where there is none', async () => {
  process.env.PATH = temporaryFolder();
  const reason = 'python3 is not installed, or does not start';
  expect(await obtainPython()).toEqual({ kind: 'missing', reason });
});

it('Python is missing where it does not start, or is too old', async () => {
  python3That('exit 1');
  expect(await obtainPython()).toMatchObject({ kind: 'missing' });
  python3That('echo 3 10');
  const reason = 'python3 is 3.10, and must be 3.11 or later';
  expect(await obtainPython()).toEqual({ kind: 'missing', reason });
});

it('Python is missing where no environment can be made, and the reason is the end of what was said', async () => {
  process.env.XDG_CACHE_HOME = temporaryFolder();
  try {
    python3That('[ "$1" = -c ] && echo 3 99 || { echo "no module named venv"; exit 1; }');
    const reason = 'python3 ended with 1: no module named venv';
    expect(await obtainPython()).toEqual({ kind: 'missing', reason });
  } finally {
    Reflect.deleteProperty(process.env, 'XDG_CACHE_HOME');
  }
});

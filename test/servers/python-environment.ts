import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reasonOf } from './bounded.js';
import { cachedFolder } from './cached-folder.js';
import type { Obtained } from './obtained.js';
import { say } from './progress.js';
import { runCommand } from './run-command.js';

export interface PythonPackages {
  /** A word for their folder. */
  name: string;
  /** The files that list them. */
  requirements: readonly string[];
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What the examples and a generated client need, and what checks them. */
const ofExamples: PythonPackages = {
  name: 'python',
  requirements: [
    here('../../examples/external-executor/requirements.txt'),
    here('../../examples/read-topics/requirements.txt'),
    here('../clients/python/requirements.txt'),
    here('./python-tools.txt'),
  ],
};

/** What fuzzes the service. */
export const ofFuzzer: PythonPackages = {
  name: 'python-fuzz',
  requirements: [here('../fuzz/requirements.txt')],
};

const OLDEST = [3, 11] as const;
const VERSION = 'import sys; print(*sys.version_info[:2])';

/**
 * Python with packages, by default those that the examples and a generated client need, in a virtual environment that is made once.
 * @returns its interpreter as `url`. Never rejects: a missing one says why
 */
export async function obtainPython(packages: PythonPackages = ofExamples): Promise<Obtained> {
  try {
    const version = await installedVersion();
    const { name, requirements } = packages;
    const folder = await cachedFolder({ name: `${name}-${version}`, from: requirements }, (made) =>
      makeEnvironment(made, requirements),
    );
    return { kind: 'ready', url: join(folder, 'bin', 'python'), via: `local: Python ${version}` };
  } catch (error) {
    return { kind: 'missing', reason: reasonOf(error) };
  }
}

export function sayPython(python: Obtained): void {
  say(python.kind === 'ready' ? `Python: ${python.via}` : `NO Python: ${python.reason}`);
}

async function installedVersion(): Promise<string> {
  const asked = promisify(execFile)('python3', ['-c', VERSION], { env: process.env, timeout: 20_000 });
  const { stdout } = await asked.catch((error: unknown) => {
    throw new Error('python3 is not installed, or does not start', { cause: error });
  });
  const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new Error(`python3 is ${major}.${minor}, and must be ${OLDEST.join('.')} or later`);
  return `${major}.${minor}`;
}

/** The folder is renamed when it is done, so only its interpreter may be used: its scripts have its first name in them. */
async function makeEnvironment(folder: string, requirements: readonly string[]): Promise<void> {
  await runCommand(['python3', '-m', 'venv', folder], { withinMs: 120_000 });
  const files = requirements.flatMap((file) => ['-r', file]);
  const python = join(folder, 'bin', 'python');
  // The wheels have librdkafka in them; from source it would have to be installed.
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await runCommand([python, '-m', 'pip', 'install', ...options, ...files], { withinMs: 300_000 });
}

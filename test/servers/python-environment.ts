import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reasonOf } from './bounded.js';
import { cachedFolder } from './cached-folder.js';
import type { Obtained } from './obtained.js';
import { say } from './progress.js';
import { runCommand } from './run-command.js';

const REQUIREMENTS = [
  '../../examples/external-executor/requirements.txt',
  '../../examples/read-topics/requirements.txt',
  '../clients/python/requirements.txt',
  './python-tools.txt',
].map((file) => fileURLToPath(new URL(file, import.meta.url)));

const OLDEST = [3, 11] as const;
const VERSION = 'import sys; print(*sys.version_info[:2])';

/**
 * Python with the packages that the examples and a generated client need, in a virtual environment that is made once.
 * @returns its interpreter as `url`. Never rejects: a missing one says why
 */
export async function obtainPython(): Promise<Obtained> {
  try {
    const version = await installedVersion();
    const folder = await cachedFolder({ name: `python-${version}`, from: REQUIREMENTS }, makeEnvironment);
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
async function makeEnvironment(folder: string): Promise<void> {
  await runCommand(['python3', '-m', 'venv', folder], { withinMs: 120_000 });
  const files = REQUIREMENTS.flatMap((file) => ['-r', file]);
  const python = join(folder, 'bin', 'python');
  // The wheels have librdkafka in them; from source it would have to be installed.
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await runCommand([python, '-m', 'pip', 'install', ...options, ...files], { withinMs: 300_000 });
}

import { spawnSync } from 'node:child_process';

export interface PythonRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs Python to its end, and leaves no compiled files behind. @param python its interpreter */
export function runPython(python: string, args: readonly string[], folder = '.'): PythonRun {
  const { status, stdout, stderr } = spawnSync(python, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

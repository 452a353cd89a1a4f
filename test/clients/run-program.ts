import { execFile } from 'node:child_process';

export interface Ended {
  /** Its exit code; null where it was killed, or did not start. */
  status: number | null;
  /** All that it has said. */
  said: string;
}

const WITHIN_MS = 100_000;

/** Runs a program to its end, while this process answers it. @param env beside the path and the home */
export function runProgram(
  [program = '', ...args]: readonly string[],
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const options = { cwd: folder, env: { PATH, HOME, ...env }, timeout: WITHIN_MS, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const failed = error !== null && child.exitCode === null ? error.message : '';
      resolve({ status: child.exitCode, said: stdout + stderr + failed });
    });
  });
}

import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../support/temporary-folder.js';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A process that is expected to end by itself. */
export function runToEnd(script: string, env: Record<string, string>, args: string[] = []): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: temporaryFolder(), ...env },
    encoding: 'utf8',
    timeout: 45_000,
  });
  return { status, stdout, stderr };
}

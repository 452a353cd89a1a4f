import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const PROGRAM = 'examples/reminder-sender/src/cli.js';

export interface SenderProcess {
  output: string[];
  /** Resolves with the exit code, null after a kill. */
  ended: Promise<number | null>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startSender(env: Record<string, string>, preload?: string): SenderProcess {
  const args = [...(preload === undefined ? [] : ['--import', preload]), PROGRAM, 'serve'];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => output.push(line));
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return {
    output,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a command of the sender's command line. @returns its lines of JSON */
export async function runCommand(env: Record<string, string>, ...words: string[]): Promise<any[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

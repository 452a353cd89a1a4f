import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '../support/eventually.js';

export interface ExecutorProcess {
  /** What it has logged. */
  output: string[];
  /** Sends the signal and waits for the end. @returns the exit code, null after a kill */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it has logged a line with this text. */
  says(text: string): Promise<string>;
}

/** Starts the external executor of the examples as a process of its own. @param python its interpreter */
export async function startExecutor(python: string, env: Record<string, string>): Promise<ExecutorProcess> {
  const child = spawn(python, ['examples/external-executor/executor.py'], {
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const output: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const executor: ExecutorProcess = {
    output,
    end(signal) {
      child.kill(signal);
      return ended;
    },
    async says(text) {
      try {
        return await eventually(text, () => output.find((line) => line.includes(text)));
      } catch (error) {
        throw new Error(output.join('\n'), { cause: error });
      }
    },
  };
  await executor.says('waiting for runs');
  return executor;
}

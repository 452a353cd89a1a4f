import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BASE_PATH } from '../../src/http/api.js';

export interface ServiceProcess {
  address: string;
  /** Address and base path. */
  api: string;
  child: ChildProcess;
  /** Milliseconds from spawning to ready. */
  readyAfterMs: number;
  output: string[];
  /** Resolves when it leads: at once as the first one, after a kill of the last leader when its lease has passed. */
  leading: Promise<void>;
  /** Sends the signal and waits for the end. @returns the exit code, null after a kill */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the built service as a process of its own and waits until it is ready. */
export async function startService(
  env: Record<string, string>,
  args: string[] = [],
  program = 'dist/main.js',
): Promise<ServiceProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output: string[] = [];
  let tellLeading = (): void => undefined;
  const leading = new Promise<void>((resolve) => (tellLeading = resolve));
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      if (line.includes('"msg":"leadership acquired"')) tellLeading();
      const found = /"address":"([^"]+)".*"msg":"ready"/.exec(line);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    ended.then(
      (code) => reject(new Error(`ended with ${code} before it was ready:\n${output.join('\n')}`)),
      reject,
    );
  });
  return {
    address,
    api: address + BASE_PATH,
    child,
    readyAfterMs: performance.now() - started,
    output,
    leading,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

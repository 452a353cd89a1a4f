import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One life of a process of the service, and what is known of it afterwards. */
export interface Life {
  name: string;
  /** By how much its wall clock is off. */
  offsetMs: number;
  /** What the service calls itself, as the holder of a lease; known once it is ready. */
  instance: string | undefined;
  state: 'starting' | 'ready' | 'stopped' | 'ending' | 'ended';
  /** The last signal that was sent to end it. */
  asked: 'SIGKILL' | 'SIGTERM' | undefined;
  exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  /** Lines of its log with level error, or about a fault that is none. */
  errors: string[];
  /** The end of what it has written to stderr. */
  stderr: string[];
}

export interface Instance {
  life: Life;
  /** Resolves when it is ready or has ended. */
  begun: Promise<void>;
  ended: Promise<void>;
  signal: (signal: NodeJS.Signals) => void;
}

const KEPT_LINES = 40;
/** EventStoreDB says so when it ends a live subscription under load: the service subscribes again, and that is all. */
const NO_FAULT = 'Consumer too slow';

/** Starts the built program. @param folder gets its output, as files */
export function startInstance(
  { name, offsetMs }: { name: string; offsetMs: number },
  env: Record<string, string>,
  folder: string,
): Instance {
  const life: Life = {
    name,
    offsetMs,
    instance: undefined,
    state: 'starting',
    asked: undefined,
    exit: undefined,
    errors: [],
    stderr: [],
  };
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(createWriteStream(join(folder, `${name}.out`)));
  child.stderr.pipe(createWriteStream(join(folder, `${name}.err`)));
  createInterface({ input: child.stderr }).on('line', (line) => {
    life.stderr.push(line);
    if (life.stderr.length > KEPT_LINES) life.stderr.shift();
  });
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"level":"error"') || line.includes(NO_FAULT)) life.errors.push(line);
    if (!line.includes('"msg":"ready"')) return;
    if (life.state === 'starting') life.state = 'ready';
    begin();
  });
  // Not 'exit': the last lines of its output come after that.
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      life.state = 'ended';
      life.exit = { code, signal };
      begin();
      resolve();
    });
  });
  return { life, begun, ended, signal: (signal) => void child.kill(signal) };
}

import { bounded } from './bounded.js';
import { spawnTied } from './spawn-tied.js';

/** Runs a command to its end. Rejects when it fails, is not there or takes too long, with the end of its output. */
export async function runCommand(
  command: readonly string[],
  { withinMs, env = {} }: { withinMs: number; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const running = spawnTied(command, { output: 'pipe', env });
  let output = '';
  for (const stream of [running.child.stdout, running.child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const name = command[0] ?? '';
  try {
    const code = await bounded(name, withinMs, running.ended);
    if (code === 127) throw new Error(`${name} is not installed`);
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${lastLines(output, 5)}`);
  } finally {
    await running.kill();
  }
}

export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}

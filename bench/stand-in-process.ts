import { createInterface } from 'node:readline';
import { spawnTied } from '../test/servers/spawn-tied.js';

/** A stand-in for EventStoreDB without events, in a process of its own. */
export interface StandInProcess {
  url: string;
  stop: () => Promise<void>;
}

const COMMAND = ['node', '--import', 'tsx', 'bench/serve-stand-in.ts'];

export async function startStandInProcess(): Promise<StandInProcess> {
  const running = spawnTied(COMMAND, { output: 'pipe' });
  const { stdout } = running.child;
  if (stdout === null) throw new Error('the output of the stand-in cannot be read');
  const lines = createInterface({ input: stdout });
  const url = new Promise<string>((resolve) => lines.once('line', resolve));
  const endedEarly = running.ended.then((code) => {
    throw new Error(`the stand-in ended with ${code} before it was ready`);
  });
  endedEarly.catch(() => undefined);
  return { url: await Promise.race([url, endedEarly]), stop: () => running.kill() };
}

import { createInterface } from 'node:readline';
import { spawnTied } from '../test/servers/spawn-tied.js';

/** A stand-in for EventStoreDB without events, in a process of its own. */
export interface StandInProcess {
  url: string;
  stop: () => Promise<void>;
}

const COMMAND = ['node', '--import', 'tsx', 'test/servers/servers.ts', 'eventstore'];
const PREFIX = 'EVENTSTORE_URL=';

export async function startStandInProcess(): Promise<StandInProcess> {
  // It is asked for without a server that is given, and the bench without one that Docker has.
  const running = spawnTied(COMMAND, { output: 'pipe', env: { EVENTSTORE_URL: '' } });
  const { stdout } = running.child;
  if (stdout === null) throw new Error('the output of the stand-in cannot be read');
  const lines = createInterface({ input: stdout });
  const url = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith(PREFIX)) resolve(line.slice(PREFIX.length));
    });
  });
  const endedEarly = running.ended.then((code) => {
    throw new Error(`the stand-in ended with ${code} before it was ready`);
  });
  endedEarly.catch(() => undefined);
  return { url: await Promise.race([url, endedEarly]), stop: () => running.kill() };
}

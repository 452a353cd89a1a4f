import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';

// The shell ends the command when its own stdin is closed, which the system does even after a kill -9 of this
// process. The folder goes with it, but stays for its log when the command ended by itself.
const TIE = `
exec 3<&0
"$@" </dev/null 3<&- &
command=$!
(read -r _ <&3; kill -9 "$command") 2>/dev/null &
watch=$!
wait "$command"
code=$?
kill "$watch" 2>/dev/null
if [ "$code" = 137 ] && [ -n "$TIED_FOLDER" ]; then rm -rf "$TIED_FOLDER"; fi
exit "$code"
`;

export interface TiedProcess {
  child: ChildProcess;
  /** The exit code; never rejects. */
  ended: Promise<number | null>;
  /** Kills the command and waits for its end. */
  kill(): Promise<void>;
}

/**
 * Starts a command that does not outlive this process, however that ends.
 * @param output where stdout and stderr go: an open file, or 'pipe'
 * @param folder is removed after a kill
 */
export function spawnTied(
  command: readonly string[],
  { output, folder = '', env = {} }: { output: number | 'pipe'; folder?: string; env?: NodeJS.ProcessEnv },
): TiedProcess {
  const child = spawn('sh', ['-c', TIE, 'sh', ...command], {
    stdio: ['pipe', output, output],
    env: { ...process.env, ...env, TIED_FOLDER: folder },
    // Ctrl-C in a terminal reaches the whole foreground group; this one waits for its stdin.
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  const stdin = child.stdin as Socket;
  stdin.on('error', () => undefined);
  return {
    child,
    ended,
    async kill() {
      child.ref();
      stdin.end();
      await ended;
    },
  };
}

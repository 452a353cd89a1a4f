import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, untilAnswered } from './bounded.js';
import { say } from './progress.js';
import { lastLines } from './run-command.js';
import { spawnTied, type TiedProcess } from './spawn-tied.js';

const READY_WITHIN_MS = 120_000;

/** A folder for the data and the log of a server; it goes when the server is stopped. */
export function folderOfServer(): string {
  return mkdtempSync(join(tmpdir(), 'certification-cron-server-'));
}

/**
 * Starts a server as a process of this machine and waits until it answers.
 * Rejects with the end of its log when it ends or does not answer.
 * @returns how to stop it
 */
export async function startLocalServer(server: {
  name: string;
  command: readonly string[];
  folder: string;
  ask: () => Promise<unknown>;
}): Promise<() => Promise<void>> {
  const logFile = join(server.folder, 'server.log');
  const log = openSync(logFile, 'a');
  const running = spawnTied(server.command, { output: log, folder: server.folder });
  closeSync(log);
  const logEnd = () => lastLines(readFileSync(logFile, 'utf8'), 10);
  const state = { stopping: false };
  const endedEarly = running.ended.then((code) => {
    throw new Error(`${server.name} ended by itself with ${code}: ${logEnd()}`);
  });
  endedEarly.catch((error: unknown) => {
    if (!state.stopping) say(reasonOf(error));
  });
  const stop = async () => {
    state.stopping = true;
    await running.kill();
    rmSync(server.folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([endedEarly, untilAnswered(server.name, READY_WITHIN_MS, server.ask)]);
  } catch (error) {
    await stop();
    throw error;
  }
  letGo(running);
  return stop;
}

/** A server that nobody stops must not keep this process alive; it ends with it. */
function letGo({ child }: TiedProcess): void {
  child.unref();
  (child.stdin as Socket).unref();
}

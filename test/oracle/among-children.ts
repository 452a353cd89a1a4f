import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Result, Task } from './compare-child.js';

const CHILD = fileURLToPath(new URL('./compare-child.ts', import.meta.url));

/**
 * Performs the tasks in as many processes as there are cores.
 * @param onResult is called as results come; their order is not that of the tasks
 * @throws Error when a process ends before its task
 */
export async function amongChildren(
  tasks: readonly Task[],
  onResult: (task: Task, result: Result) => void,
): Promise<void> {
  const waiting = [...tasks];
  const children = Array.from({ length: availableParallelism() }, () => fork(CHILD));
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let task = waiting.shift(); task !== undefined; task = waiting.shift())
          onResult(task, await performedBy(child, task));
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function performedBy(child: ChildProcess, task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a process ended with ${code ?? 'a signal'} while it compared ${task.timeZone}`));
    };
    child.once('exit', onExit);
    child.once('message', (result) => {
      child.off('exit', onExit);
      resolve(result as Result);
    });
    child.send(task);
  });
}

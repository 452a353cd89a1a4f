import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What one process does: takes tasks as messages, one at a time, and answers each with one message. */
export interface Work<Task, Result> {
  /** Path of the process's script. */
  script: string;
  tasks: readonly Task[];
  /** Called as results come; their order is not that of the tasks. */
  onResult: (task: Task, result: Result) => void;
  /** Names a task in an error. */
  nameOf: (task: Task) => string;
}

/**
 * Performs the tasks in as many processes as there are cores.
 * @throws Error when a process ends before its task
 */
export async function amongChildren<Task, Result>({
  script,
  tasks,
  onResult,
  nameOf,
}: Work<Task, Result>): Promise<void> {
  const waiting = [...tasks];
  const count = Math.min(availableParallelism(), tasks.length);
  const children = Array.from({ length: count }, () => fork(script));
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let task = waiting.shift(); task !== undefined; task = waiting.shift())
          onResult(task, (await answerOf(child, task, nameOf(task))) as Result);
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function answerOf(child: ChildProcess, task: unknown, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a process ended with ${code ?? 'a signal'} while it worked on ${name}`));
    };
    child.once('exit', onExit);
    child.once('message', (result) => {
      child.off('exit', onExit);
      resolve(result);
    });
    child.send(task as object);
  });
}

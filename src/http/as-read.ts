import { DomainError } from '../job/domain-error.js';

/** How often a command is decided again when the job has changed since it was read. */
const MOST_TRIES = 3;

/** Reads and sends again when the job has changed in between. */
export async function asRead<T>(readAndSend: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await readAndSend();
    } catch (error) {
      const hasMoved = error instanceof DomainError && error.code === 'write_contention';
      if (!hasMoved || tries === MOST_TRIES) throw error;
    }
  }
}

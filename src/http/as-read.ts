import { DomainError } from '../job/domain-error.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import { createPauses } from '../waiting/pauses.js';

/** For so long a command is decided again while its job changes after each read: as long as any other command. */
const PATIENCE_MS = 5_000;
const PAUSES = { firstMs: 2, longestMs: 100 };

/** Reads and sends again when the job has changed in between. @throws DomainError write_contention when it goes on changing */
export async function asRead<T>(
  readAndSend: () => Promise<T>,
  { clock, ids }: { clock: Clock; ids: Pick<Ids, 'random'> },
): Promise<T> {
  const patientUntil = clock.monotonic() + PATIENCE_MS;
  const pauses = createPauses(PAUSES);
  for (;;) {
    try {
      return await readAndSend();
    } catch (error) {
      const hasMoved = error instanceof DomainError && error.code === 'write_contention';
      if (!hasMoved || clock.monotonic() >= patientUntil) throw error;
    }
    // Those that have met would meet again.
    await clock.sleep(pauses.next() * (1 + ids.random()));
  }
}

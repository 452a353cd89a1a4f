import type { Outlook } from '../expiry-check/outlook.js';
import { ProblemError } from './problem.js';

/**
 * Resolves when each reminder that was asked for before, by whichever instance, is in the read model.
 * @returns to be asked after the model was read: rejects with StoreError when it may have been emptied meanwhile
 * @throws ProblemError reads_behind; StoreError
 */
export async function whenRemindersKnown(
  outlook: Pick<Outlook, 'knowsReminders'>,
  gone: AbortSignal,
): Promise<() => Promise<void>> {
  const stillKnown = await outlook.knowsReminders(gone);
  if (stillKnown !== undefined) return stillKnown;
  gone.throwIfAborted();
  const detail = 'the read model of reminders lacks some that were asked for; nothing was lost, try again';
  throw new ProblemError({ status: 503, code: 'reads_behind', detail });
}

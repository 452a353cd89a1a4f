import type { Config } from '../config/config.js';
import { createStoredOutlook, type StoredOutlook } from '../core/stored-outlook.js';
import { openDocuments, openExistingLog, openSystem } from '../service/open-adapters.js';

/**
 * Has `use` look at the stores, which are closed after it. The service may be running.
 * @throws StoreError; an error that says what to do when the read model of reminders lacks some
 */
export async function withOutlook<T>(
  config: Config,
  use: (outlook: StoredOutlook, now: number) => Promise<T>,
): Promise<T> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const { clock, logger } = system;
  // First: where there is no log, no other file is made.
  const log = await openExistingLog(config, system);
  const documents = await openDocuments(config, system);
  const [store, registry] = [documents.store(), documents.registry()];
  try {
    const outlook = createStoredOutlook({ log, store, registry, clock, logger }, config);
    if (!(await outlook.knowsReminders(new AbortController().signal)))
      throw new Error(
        'the read model of reminders lacks some that are in the event log: start the service, which brings it up to date, or try again in a while',
      );
    return await use(outlook, clock.now());
  } finally {
    await Promise.all([log.close(), store.close(), registry.close()]);
    await documents.close();
  }
}

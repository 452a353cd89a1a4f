import type { Config } from '../config/config.js';
import { rebuild } from '../core/rebuild.js';
import { openDocuments, openExistingLog, openSystem } from '../service/open-adapters.js';
import { createRebuildLines } from './rebuild-lines.js';

/**
 * `rebuild`: progress on standard error, the result on standard output. The service may be running.
 * @throws StoreError; an error that says why it was not done
 */
export async function rebuildCommand(config: Config): Promise<void> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const { clock } = system;
  const log = await openExistingLog(config, system);
  const documents = await openDocuments(config, system);
  // First, as it sets aside a file that cannot be used.
  const store = documents.store();
  const generations = documents.generations();
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  // Once: whoever asks again does not want to wait.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const lines = createRebuildLines(clock.monotonic());
  const tell = (text: string): unknown => process.stderr.write(text);
  try {
    const result = await rebuild({ log, store, generations, system }, config, {
      onProgress(progress) {
        const line = lines.progress(progress, clock.monotonic());
        if (line !== undefined) tell(line);
      },
      signal: interrupted.signal,
    });
    process.stdout.write(lines.result(result, clock.monotonic()));
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    await Promise.all([log.close(), store.close(), generations.close()]);
    await documents.close();
  }
}

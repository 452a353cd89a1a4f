import type { Config } from '../config/config.js';
import { openDocuments, openSystem } from '../service/open-adapters.js';
import { importCertifications } from '../import/import-certifications.js';
import { quoted } from '../import/quoted.js';

/** Each bad line is reported, but a file of nothing else must not fill the terminal without end. */
const REPORTED_LINES = 1_000;
const PROGRESS_EVERY = 10_000;

/** `import FILE`: bad lines and progress go to standard error, totals to standard output. @returns the exit code */
export async function importCommand(
  config: Config,
  { file, replace }: { file: string; replace: boolean },
): Promise<number> {
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const { clock, ids } = system;
  const documents = await openDocuments(config, system);
  const registry = documents.registry();
  const terminal = process.stderr.isTTY;
  let reported = 0;
  try {
    const started = clock.monotonic();
    const { imported, bad, removed } = await importCertifications(registry, {
      file,
      replace,
      source: `import-${ids.uuid()}`,
      now: clock.now(),
      onBadLine(line, reason) {
        if (reported++ < REPORTED_LINES)
          process.stderr.write(`${terminal ? '\r' : ''}line ${line}: ${reason}\n`);
      },
      onUnread(columns) {
        process.stderr.write(`columns that are not read: ${columns.map(quoted).join(', ')}\n`);
      },
      onProgress(count) {
        if (terminal && count % PROGRESS_EVERY === 0) process.stderr.write(`\r${count} certifications`);
      },
    });
    if (terminal) process.stderr.write('\r');
    if (bad > REPORTED_LINES) process.stderr.write(`and ${bad - REPORTED_LINES} more bad lines\n`);
    const seconds = ((clock.monotonic() - started) / 1000).toFixed(1);
    process.stdout.write(
      `imported ${imported}, bad lines ${bad}${removed === undefined ? '' : `, removed ${removed}`}; ` +
        `the registry holds ${(await registry.summary()).total} certifications (${seconds} s)\n`,
    );
    if (replace && removed === undefined)
      process.stdout.write('nothing was removed, because of the bad lines\n');
    return bad === 0 ? 0 : 1;
  } finally {
    await registry.close();
    await documents.close();
  }
}

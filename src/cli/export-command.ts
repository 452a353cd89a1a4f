import type { Config } from '../config/config.js';
import type { EventLog } from '../ports/event-log.js';
import { ExportError, writeExport, writeManifest } from '../replay/export-folder.js';
import { exportLog, type ExportOptions } from '../replay/export-log.js';
import type { Manifest } from '../replay/manifest.js';
import { isPosition, type Selection } from '../replay/selection.js';
import { openExistingLog, openSystem } from '../service/open-adapters.js';
import { ownPackage } from '../service/own-package.js';
import { assertJob } from './assert-job.js';
import { openOutput, type Output } from './output.js';
import { tellProgress } from './tell-progress.js';

export interface ExportCommandOptions {
  job?: string;
  people: boolean;
  from?: string;
  to?: string;
  /** A folder, or `-` for standard output. */
  out: string;
  /** Where the manifest is to be, with `-`; none is written when it is left out. */
  manifest?: string;
  force: boolean;
}

const STANDARD_OUTPUT = '-';

/**
 * `export`: the events in a folder, and what it holds in a line on standard output; or the events on standard output.
 * Progress is on standard error. The service may be running.
 * @throws StoreError, ExportError, OutputError; an error when there has never been such a job
 */
export async function exportCommand(config: Config, options: ExportCommandOptions): Promise<void> {
  const { out, manifest } = options;
  if (manifest !== undefined && out !== STANDARD_OUTPUT)
    throw new ExportError('--manifest goes with --out - only: a folder has its own');
  if ([out, manifest].includes(''))
    throw new ExportError(
      '--out must name a folder, or be - for standard output; --manifest must name a file',
    );
  if (options.from !== undefined && options.to !== undefined && isBehind(options.from, options.to))
    throw new ExportError('--from must not be later than --to');
  const system = await openSystem({ ...config, logLevel: 'silent' });
  const log = await openExistingLog(config, system);
  const [output, mark] = [openOutput(), system.ids.uuid()];
  try {
    if (options.job !== undefined) await assertJob(log, options.job);
    if (out === STANDARD_OUTPUT) await exportToOutput(log, options, { output, mark });
    else await exportToFolder(log, options, { output, mark });
  } finally {
    await log.close();
  }
}

interface Surroundings {
  output: Output;
  mark: string;
}

/** Nothing is left of an export that nobody reads to its end. */
async function exportToOutput(
  log: EventLog,
  options: ExportCommandOptions,
  { output, mark }: Surroundings,
): Promise<void> {
  const made = await exportLog(log, exportOptions(options, output.write, output.gone));
  if (made === undefined && options.manifest !== undefined)
    throw new ExportError('nobody has read the events to their end: there is no manifest of them');
  if (made !== undefined && options.manifest !== undefined)
    await writeManifest(options.manifest, made, { mark, force: options.force });
}

/** Goes on though nobody reads what it says. */
async function exportToFolder(
  log: EventLog,
  options: ExportCommandOptions,
  { output, mark }: Surroundings,
): Promise<void> {
  const { out, force } = options;
  const { signal } = new AbortController();
  const made = await writeExport(out, { mark, force }, async (write) => {
    const manifest = await exportLog(log, exportOptions(options, write, signal));
    if (manifest === undefined) throw new ExportError('the export was ended early');
    return manifest;
  });
  await output.write(summaryOf(made, out));
}

function exportOptions(
  options: ExportCommandOptions,
  write: ExportOptions['write'],
  signal: AbortSignal,
): ExportOptions {
  const { job = null, people, from = null, to = null } = options;
  const selection: Selection = { job, people, from, to };
  return { selection, tool: ownPackage.version, write, onProgress: tellProgress(), signal };
}

/** Of a position and a time nobody knows: each by itself is in order of text. */
function isBehind(from: string, to: string): boolean {
  return isPosition(from) === isPosition(to) && from > to;
}

function summaryOf({ events, last, hash }: Manifest, folder: string): string {
  const { count, of_jobs, of_reminders } = events;
  const names = of_reminders > 0 ? ', which name mentors' : '';
  return `${folder}: ${count} events, ${of_jobs} of jobs and ${of_reminders} of reminders${names}; the last at ${last?.position ?? 'no position'}\nhash: ${hash}\n`;
}

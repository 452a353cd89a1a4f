import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.js';
import { freeText } from '../http/job-fields.js';
import { openSystem } from '../service/open-adapters.js';
import { applyJobs, type Applied } from './apply-jobs.js';
import { credentialIn } from './credential-in.js';
import { createJobsClient } from './jobs-client.js';
import { readJobsFile } from './jobs-file.js';
import { openOutput } from './output.js';
import { printable } from './printable.js';
import { serviceAddress } from './service-address.js';

export interface ApplyCommandOptions {
  /** Address of the service, with or without the base path; without it that of this machine. */
  url?: string;
  prune: boolean;
  dryRun: boolean;
  label?: string;
  reason?: string;
}

const SIGNS: Readonly<Record<Applied['done'], string>> = {
  created: '+',
  updated: '~',
  deleted: '-',
  unchanged: '=',
  refused: '!',
};

/**
 * `apply FILE`: what was done, or would be, on standard output; refusals on standard error.
 * @returns the exit code: 1 when a job was refused
 * @throws JobsFileError, ConfigError; RefusedError when it has ended before all were tried: the totals are there
 */
export async function applyCommand(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  { file, options }: { file: string; options: ApplyCommandOptions },
): Promise<number> {
  const { prune, dryRun, label, reason } = options;
  const given = freeText.optional().safeParse(reason);
  if (!given.success) throw new Error(`--reason ${given.error.issues[0]?.message}`);
  const jobs = readJobsFile(await readFile(file));
  const unlabelled = jobs.filter(({ config: { labels } }) => label !== undefined && !labels.includes(label));
  if (unlabelled.length > 0)
    throw new Error(
      `--label ${label}: these jobs do not have it: ${unlabelled.map(({ key }) => key).join(', ')}`,
    );
  if (prune && jobs.length === 0)
    throw new Error('--prune with a file without jobs would delete all of them; delete them by hand');
  const { clock } = await openSystem({ ...config, logLevel: 'silent' });
  const client = createJobsClient({
    url: serviceAddress(options.url ?? `http://127.0.0.1:${config.port}`),
    credential: credentialIn(environment),
    clock,
    onRetry: (why) => process.stderr.write(`${printable(why)}\n`),
  });
  const output = openOutput();
  const counts = { created: 0, updated: 0, deleted: 0, unchanged: 0, refused: 0 };
  let left = jobs.length;
  let isWhole = false;
  try {
    for await (const applied of applyJobs(client, jobs, { prune, dryRun, label, reason })) {
      counts[applied.done]++;
      left = Math.max(left - 1, 0);
      if (applied.done === 'refused') process.stderr.write(`! ${applied.key}: ${printable(applied.why)}\n`);
      else if (applied.done !== 'unchanged') await output.write(linesOf(applied));
    }
    isWhole = true;
  } finally {
    const total = Object.entries(counts).map(([done, count]) => `${count} ${done}`);
    if (left > 0) total.push(`${left} not tried`);
    if (prune && !isWhole) total.push('not all pruned');
    await output.write(`${dryRun ? 'nothing was done; it would be: ' : ''}${total.join(', ')}\n`);
  }
  return counts.refused === 0 ? 0 : 1;
}

function linesOf(applied: Applied): string {
  const head = `${SIGNS[applied.done]} ${applied.key}\n`;
  if (!('changes' in applied)) return head;
  const lines = applied.changes.map(({ field, from, to }) => {
    const before = from === undefined ? '' : `${JSON.stringify(from)} -> `;
    return `    ${field}: ${printable(before + JSON.stringify(to))}\n`;
  });
  return head + lines.join('');
}

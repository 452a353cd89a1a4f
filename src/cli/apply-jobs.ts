import { defaultJobConfig, isSameSetting, type JobConfig } from '../events/job-config.js';
import type { FoundJob, JobsClient } from './jobs-client.js';
import type { DeclaredJob } from './jobs-file.js';
import { RefusedError } from './refused-error.js';

export interface ApplyOptions {
  /** Only tells what would be done. */
  dryRun: boolean;
  /** Deletes declared jobs that are not among these. */
  prune: boolean;
  /** Only jobs with this label are deleted, and all that are applied must have it. */
  label: string | undefined;
  reason: string | undefined;
}

/** What was done to a job, or would be. */
export type Applied =
  | { key: string; done: 'created' | 'updated'; changes: SettingChange[] }
  | { key: string; done: 'unchanged' | 'deleted' }
  | { key: string; done: 'refused'; why: string };

export interface SettingChange {
  field: string;
  /** Undefined of a job that is created. */
  from: unknown;
  to: unknown;
}

/** Others may apply the same file at the same time: each of them then finds what another one has done. */
const ATTEMPTS = 10;
const CHANGED_MEANWHILE = 412;
/** A job that is enabled must have a slot ahead, too. */
const OF_SCHEDULE = ['cron_expression', 'time_zone', 'enabled'];

/**
 * Makes the jobs of a service what they are declared to be, one by one; a refusal of one leaves the others alone. Each
 * write is under the condition that the job is as it was read, so any number of processes may do the same at once.
 * @throws RefusedError when the others would be refused, too, or the service cannot be asked: they are not tried
 */
export async function* applyJobs(
  client: JobsClient,
  jobs: readonly DeclaredJob[],
  options: ApplyOptions,
): AsyncGenerator<Applied> {
  for (const job of jobs) yield await whileOthersChange(job.key, () => applyOne(client, job, options));
  if (!options.prune) return;
  const declared = new Set(jobs.map(({ key }) => key));
  const isLeft = ({ key, labels }: FoundJob): boolean =>
    !declared.has(key ?? '') && (options.label === undefined || labels.includes(options.label));
  for (const found of (await client.listDeclared(options.label)).filter(isLeft)) {
    const key = found.key ?? '';
    yield await whileOthersChange(key, () => prune(client, key, isLeft, options));
  }
}

/** Again from the read on when the job was changed between read and write. */
async function whileOthersChange(key: string, step: () => Promise<Applied>): Promise<Applied> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof RefusedError) || !error.isOfOneJob) throw error;
      if (error.refusal.status !== CHANGED_MEANWHILE || attempt === ATTEMPTS)
        return { key, done: 'refused', why: error.message };
    }
  }
}

async function applyOne(
  client: JobsClient,
  { key, config }: DeclaredJob,
  { dryRun, reason }: ApplyOptions,
): Promise<Applied> {
  const found = await client.find(key);
  const changes = changesOf(found, config);
  if (changes.length === 0) return { key, done: 'unchanged' };
  if (!dryRun) await client.declare({ key, config, reason }, found);
  // The one thing that the file alone does not say: the service may take no seconds, and knows by its clock what is due.
  else if (found === undefined || changes.some(({ field }) => OF_SCHEDULE.includes(field)))
    await client.tryOutSchedule(config);
  return { key, done: found === undefined ? 'created' : 'updated', changes };
}

async function prune(
  client: JobsClient,
  key: string,
  isLeft: (job: FoundJob) => boolean,
  { dryRun, reason = 'no longer declared' }: ApplyOptions,
): Promise<Applied> {
  const found = await client.find(key);
  if (found === undefined || !isLeft(found)) return { key, done: 'unchanged' };
  const isDone = dryRun || (await client.remove(found, reason));
  return { key, done: isDone ? 'deleted' : 'unchanged' };
}

/** Of a job that is created, what is not the default. */
function changesOf(found: FoundJob | undefined, config: JobConfig): SettingChange[] {
  const before: Readonly<Record<string, unknown>> = found ?? defaultJobConfig;
  return Object.entries(config)
    .filter(([field, to]) => !isSameSetting(before[field], to))
    .map(([field, to]) => ({ field, from: found?.[field], to }));
}

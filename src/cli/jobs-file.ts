import * as z from 'zod';
import { configOf, defaultJobConfig, type JobConfig } from '../events/job-config.js';
import { KEY_RULE, isJobKey } from '../http/job-key.js';
import { jobRequests } from '../http/job-requests.js';
import { printable } from './printable.js';

/** A job as a file declares it; what the file leaves out has its default. */
export interface DeclaredJob {
  key: string;
  config: JobConfig;
}

/** The file does not say what can be applied: every fault is named, and nothing is done. */
export class JobsFileError extends Error {
  override readonly name = 'JobsFileError';
}

const MOST_FAULTS = 20;

/** Expressions with seconds are left to the service, which may allow them or not. */
const { create } = jobRequests({ allowSeconds: true });
const jobSchema = create.extend({ key: z.string('must be a text').refine(isJobKey, KEY_RULE) });
const fileSchema = z.union([z.array(z.unknown()), z.strictObject({ jobs: z.array(z.unknown()) })], {
  error: 'must be a list of jobs, or an object with the list "jobs"',
});

/**
 * The jobs of a file.
 * @param bytes JSON in UTF-8, also behind a byte order mark: a list of jobs, or an object with the list `jobs`; each with a `key` and the fields of a PUT
 * @throws JobsFileError naming each fault, and the job that it is in
 */
export function readJobsFile(bytes: Uint8Array): DeclaredJob[] {
  const parsed = fileSchema.safeParse(parseJson(decode(bytes)));
  if (!parsed.success) throw new JobsFileError(`the file: ${parsed.error.issues.map(told).join(', ')}`);
  const given = Array.isArray(parsed.data) ? parsed.data : parsed.data.jobs;
  const faults: string[] = [];
  const jobs = new Map<string, DeclaredJob>();
  for (const [index, one] of given.entries()) {
    const job = jobSchema.safeParse(one);
    if (!job.success) {
      for (const issue of job.error.issues) faults.push(`job ${index + 1}: ${told(issue)}`);
      continue;
    }
    const { key, ...config } = job.data;
    if (jobs.has(key)) faults.push(`job ${index + 1}: key ${key} is there twice`);
    jobs.set(key, { key, config: configOf({ ...defaultJobConfig, ...config } as JobConfig) });
  }
  if (faults.length === 0) return [...jobs.values()];
  const more = faults.length > MOST_FAULTS ? [`and ${faults.length - MOST_FAULTS} more`] : [];
  throw new JobsFileError([...faults.slice(0, MOST_FAULTS), ...more].join('\n'));
}

function told(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return printable(`${issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')} is not known`);
  if (issue.code === 'invalid_type' && issue.path.length === 0) return 'must be an object';
  return printable(`${issue.path.join('.')} ${issue.message}`.trimStart());
}

/** Bytes that are no UTF-8 would become other characters, and the service would store those. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new JobsFileError('the file is not in UTF-8');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JobsFileError(`the file is no JSON: ${printable(why)}`);
  }
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runSchemathesis, type FuzzOptions, type FuzzResult } from './run-schemathesis.js';
import { startFuzzService } from './fuzz-service.js';

/** How the requests are sent: to a service without keys, with a key for everything, or with one that may only read. */
export const CREDENTIALS = ['none', 'all', 'read'] as const;
export type Credentials = (typeof CREDENTIALS)[number];

export interface FuzzOutcome extends FuzzResult {
  /** What the service has logged of faults of its own. */
  logged: readonly string[];
}

/** Starts a service of its own, fuzzes it, and stops it. @param folder an empty one for its store and the reports */
export async function fuzzWith(
  credentials: Credentials,
  options: Omit<FuzzOptions, 'address' | 'key'>,
): Promise<FuzzOutcome> {
  const data = join(options.folder, 'service');
  mkdirSync(data);
  const service = await startFuzzService(data, credentials !== 'none');
  try {
    const key = credentials === 'read' ? service.reading : service.everything;
    const result = await runSchemathesis({ ...options, address: service.address, key });
    return { ...result, logged: service.output.filter((line) => line.includes('"level":"error"')) };
  } finally {
    await service.end('SIGTERM');
  }
}

/** Whether all went as the document says. */
export function isClean({ statuses, failures, errors, logged }: FuzzOutcome): boolean {
  return failures.length + errors.length + logged.length === 0 && !Object.keys(statuses).some(isFault);
}

function isFault(status: string): boolean {
  return Number(status) >= 500;
}

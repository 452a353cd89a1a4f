import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnTied } from '../servers/spawn-tied.js';

/** Where `schemathesis.toml` and its hooks are. */
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** The phases, all by default: https://schemathesis.readthedocs.io/en/stable/explanations/data-generation/ */
export type Phase = 'examples' | 'coverage' | 'fuzzing' | 'stateful';

export interface FuzzOptions {
  /** The interpreter of Python that has Schemathesis. */
  python: string;
  /** Of the service. */
  address: string;
  /** What each request is sent with; undefined: nothing. */
  key: string | undefined;
  /** At most so many random requests for each operation, and so many random sequences. */
  examples: number;
  seed: number;
  phases?: readonly Phase[];
  /** An empty folder for reports. */
  folder: string;
  onLine: (line: string) => void;
}

export interface FuzzResult {
  requests: number;
  /** How many answers there were of each status. */
  statuses: Readonly<Record<string, number>>;
  operations: number;
  failures: readonly { title: string; count: number; operations: readonly string[] }[];
  /** What kept Schemathesis from asking, such as a request without an answer. */
  errors: readonly { title: string; count: number }[];
}

interface Report {
  exit_code: number;
  operations: { tested: number };
  failures: FuzzResult['failures'];
  errors: FuzzResult['errors'];
}

/** Fuzzes a service from its own document. @throws Error when Schemathesis ends before it has done all */
export async function runSchemathesis(options: FuzzOptions): Promise<FuzzResult> {
  const { python, address, key, examples, seed, phases, folder, onLine } = options;
  const [report, counts] = [join(folder, 'report.json'), join(folder, 'counts.json')];
  // The options of Schemathesis have a place of its own: its configuration is found by the working directory.
  const script =
    'import os, sys; os.chdir(sys.argv.pop(1)); import schemathesis.cli as st; st.schemathesis()';
  const running = spawnTied(
    [
      ...[python, '-c', script, FOLDER, 'run', `${address}/openapi.json`, '--no-color'],
      ...['--max-examples', String(examples), '--seed', String(seed)],
      ...['--report', 'json', '--report-json-path', report],
      ...(phases === undefined ? [] : ['--phases', phases.join()]),
      ...(key === undefined ? [] : ['--header', `X-API-Key: ${key}`]),
    ],
    {
      output: 'pipe',
      env: {
        FUZZ_KEY: key,
        FUZZ_COUNTS: counts,
        PYTHONDONTWRITEBYTECODE: '1',
        HYPOTHESIS_STORAGE_DIRECTORY: folder,
      },
    },
  );
  for (const stream of [running.child.stdout, running.child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  const code = await running.ended;
  if (code !== 0 && code !== 1) throw new Error(`Schemathesis ended with ${code}`);
  const { operations, failures, errors } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const statuses = JSON.parse(readFileSync(counts, 'utf8')) as Record<string, number>;
  const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return { requests, statuses, operations: operations.tested, failures, errors };
}

/**
 * `npm run fuzz`: random requests, made from the document of the service, and answers held to it; without credentials, with a
 * key for everything, and with one that may only read. Ends with 1 when something is not as the document says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { obtainPython, ofFuzzer, sayPython } from '../servers/python-environment.js';
import { CREDENTIALS, fuzzWith, isClean, type Credentials, type FuzzOutcome } from './fuzz-with.js';

const command = new Command('fuzz')
  .option('--examples <count>', 'random requests for each operation, at most', count, 300)
  .option('--seed <number>', 'that of an earlier run, for the same draws again', count)
  .addOption(new Option('--credentials <kind>', 'only one of the three ways').choices(CREDENTIALS))
  .parse();
const asked = command.opts<{ examples: number; seed?: number; credentials?: Credentials }>();
const seed = asked.seed ?? Math.floor(Math.random() * 1_000_000_000);

const python = await obtainPython(ofFuzzer);
sayPython(python);
if (python.kind === 'missing') throw new Error(`no Python: ${python.reason}`);
const outcomes: FuzzOutcome[] = [];
for (const credentials of asked.credentials === undefined ? CREDENTIALS : [asked.credentials]) {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    const outcome = await fuzzWith(credentials, {
      python: python.url,
      examples: asked.examples,
      seed,
      folder,
      onLine: (line) => process.stderr.write(`${line}\n`),
    });
    outcomes.push(outcome);
    tell(credentials, outcome);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const requests = outcomes.reduce((sum, outcome) => sum + outcome.requests, 0);
const clean = outcomes.every((outcome) => isClean(outcome));
process.stdout.write(
  `${requests} requests in all, --seed ${seed}: ${clean ? 'all' : 'NOT all'} as the document says\n`,
);
process.exitCode = clean ? 0 : 1;

function tell(credentials: Credentials, outcome: FuzzOutcome): void {
  const { requests: sent, operations, statuses, failures, errors, logged } = outcome;
  const byStatus = Object.entries(statuses).map(([status, times]) => `${times} × ${status}`);
  process.stdout.write(
    `credentials ${credentials}: ${sent} requests of ${operations} operations (${byStatus.join(', ')}): ` +
      `${failures.length} kinds of failures, ${errors.length} of errors, ${logged.length} faults logged\n`,
  );
  for (const { title, count: times, operations: where } of failures)
    process.stdout.write(`  ${times} × ${title}: ${where.join(', ')}\n`);
  for (const { title, count: times } of errors) process.stdout.write(`  ${times} × ${title}\n`);
  for (const line of logged) process.stdout.write(`  ${line}\n`);
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

#!/usr/bin/env node
import { Command } from 'commander';
import { loadConfig } from '../config.js';
import { importCommand } from './import-command.js';

const program = new Command('certification-cron').description(
  'Tools for the data of certification-cron (in DATA_DIR)',
);

program
  .command('import')
  .description('read certifications into the registry; may be repeated')
  .argument(
    '<file>',
    'CSV with a header (.csv) or JSON lines (.jsonl, .ndjson): certification_id, mentor_id, expires_at',
  )
  .option('--replace', 'remove what is not in the file', false)
  .action(async (file: string, options: { replace: boolean }) => {
    process.exitCode = await importCommand(loadConfig(process.env), { file, ...options });
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

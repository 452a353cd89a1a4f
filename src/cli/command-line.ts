import { Command, CommanderError } from 'commander';
import { SCOPES } from '../access/principal.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { againstArgument } from './against-argument.js';
import type { ApplyCommandOptions } from './apply-command.js';
import { clockCommand } from './clock-command.js';
import { countArgument } from './count-argument.js';
import { dateArgument } from './date-argument.js';
import type { ExportCommandOptions } from './export-command.js';
import type { ForecastOptions } from './forecast-command.js';
import { ownPackage } from '../service/own-package.js';
import type { HistoryOptions } from './history-command.js';
import { importCommand } from './import-command.js';
import { instantArgument } from './instant-argument.js';
import type { KeyOptions } from './key-command.js';
import { openOutput } from './output.js';
import { placeArgument } from './place-argument.js';
import { printable } from './printable.js';
import { verifyCommand, type VerifyOptions } from './verify-command.js';

/** Wrong use, or nothing could be done. */
const EXIT_FAILED = 2;
/** EX_CONFIG of sysexits.h; the service exits with the same. */
const EXIT_CONFIG = 78;

const program = new Command('certification-cron')
  .description(
    'Cron jobs that check certifications for expiry: the service, and tools for its data (in DATA_DIR)',
  )
  .version(ownPackage.version)
  .exitOverride();

program
  .command('serve')
  .description('the service, until it is ended by SIGTERM or SIGINT')
  .option('--demo', 'with example data, in ./data-demo unless DATA_DIR is set', false)
  .action(async (options: { demo: boolean }) => {
    // Loaded when it is wanted: the tools need neither HTTP nor the core.
    const { serve } = await import('./serve.js');
    await serve(options);
  });

program
  .command('import')
  .description('read certifications into the registry; may be repeated')
  .argument(
    '<file>',
    'CSV with a header (.csv) or JSON lines (.jsonl, .ndjson): certification_id, mentor_id, expires_at, ' +
      'and if you like type, labels (in CSV separated by |), status, renewable_from',
  )
  .option('--replace', 'remove what is not in the file', false)
  .action(async (file: string, options: { replace: boolean }) => {
    process.exitCode = await importCommand(loadConfig(process.env), { file, replace: options.replace });
  });

program
  .command('verify')
  .description(
    'prove the event log: no owed slot is left out or has two outcomes, runs and reminders are as promised; 1 if not',
  )
  .option(
    '--against <head>',
    'prove that the log still holds what an earlier verify has printed as its head, or an export, given by its path',
    againstArgument,
  )
  .option('--json', 'one JSON document in place of the lines', false)
  .action(async (options: VerifyOptions) => {
    process.exitCode = await verifyCommand(loadConfig(process.env), options);
  });

program
  .command('history')
  .description('who did what to a job, when and why, the newest last; also of a deleted job')
  .argument('<job>', 'its id')
  .option('--newest <count>', 'so many of the newest', countArgument)
  .option('--changes', 'without runs and skipped slots', false)
  .option('--from <time>', 'from this time on', instantArgument)
  .option('--to <time>', 'before this time', instantArgument)
  .option('--ids', 'with the ids and the position of each event', false)
  .option('--json', 'JSON lines in place of the text', false)
  .action(async (job: string, options: HistoryOptions) => {
    const { historyCommand } = await import('./history-command.js');
    await historyCommand(loadConfig(process.env), job, options);
  });

program
  .command('export')
  .description(
    'the events of jobs and reminders as JSON lines, with a manifest that verify can hold a log against',
  )
  .option('--job <id>', 'those of this job, and the reminders that its runs have asked for')
  .option('--no-people', 'without reminders, which name mentors')
  .option('--from <place>', 'those after this position, or from this time on', placeArgument)
  .option('--to <place>', 'those up to and with this position, or before this time', placeArgument)
  .requiredOption('--out <folder>', 'where events.jsonl and manifest.json are to be; - for standard output')
  .option('--manifest <file>', 'where the manifest is to be, with --out -')
  .option('--force', 'replace an export that is there', false)
  .action(async (options: ExportCommandOptions) => {
    const { exportCommand } = await import('./export-command.js');
    await exportCommand(loadConfig(process.env), options);
  });

program
  .command('verify-export')
  .description('prove that an export holds what its manifest names; needs no log; 1 if not')
  .argument('<export>', 'its folder, or the manifest in it')
  .action(async (path: string) => {
    const { verifyExportCommand } = await import('./verify-export-command.js');
    process.exitCode = await verifyExportCommand(path);
  });

program
  .command('decide')
  .description(
    'decide again by the code of today what the log has recorded, and list differences; 1 if there are any',
  )
  .option('--job <id>', 'the decisions of this job')
  .action(async (options: { job?: string }) => {
    const { decideCommand } = await import('./decide-command.js');
    process.exitCode = await decideCommand(loadConfig(process.env), options);
  });

program
  .command('forecast')
  .description('whom a run of a job would remind, by the check itself; stores nothing')
  .argument('<job>', 'its id')
  .option('--on <date>', 'the day of the run; without it today, in the zone of the job', dateArgument)
  .option('--json', 'one JSON document in place of the table', false)
  .action(async (job: string, options: ForecastOptions) => {
    const { forecastCommand } = await import('./forecast-command.js');
    await forecastCommand(loadConfig(process.env), job, options);
  });

program
  .command('explain')
  .description('a certification, its reminders, and for each job its next reminder or the reason of a no')
  .argument('<certification>', 'its id')
  .option('--json', 'one JSON document in place of the text', false)
  .action(async (certification: string, options: { json: boolean }) => {
    const { explainCommand } = await import('./explain-command.js');
    await explainCommand(loadConfig(process.env), certification, options);
  });

program
  .command('apply')
  .description(
    'make the jobs of a running service what a file declares; any number of instances may do so at once; 1 if one is refused',
  )
  .argument('<file>', 'JSON: a list of jobs, each with a key and the fields of a job')
  .option('--url <address>', 'of the service; without it http://127.0.0.1:PORT')
  .option('--dry-run', 'only tell what would be done', false)
  .option('--prune', 'delete declared jobs that the file does not have', false)
  .option('--label <label>', 'prune only jobs with this label, which all jobs of the file must have')
  .option('--reason <text>', 'why, for the history of each job that is changed')
  .action(async (file: string, options: ApplyCommandOptions) => {
    const { applyCommand } = await import('./apply-command.js');
    process.exitCode = await applyCommand(loadConfig(process.env), process.env, { file, options });
  });

program
  .command('rebuild')
  .description(
    'make the read models anew beside the live ones, then switch: the service may be running, and nobody waits; 2 if not',
  )
  .action(async () => {
    const { rebuildCommand } = await import('./rebuild-command.js');
    await rebuildCommand(loadConfig(process.env));
  });

program
  .command('clock')
  .description(
    'the clocks of all running instances beside the one of this machine; 1 when one goes by another time or is silent',
  )
  .option('--trust <reason>', 'tell them that the clock of this machine is right')
  .action(async ({ trust }: { trust?: string }) => {
    process.exitCode = await clockCommand(loadConfig(process.env), { trust });
  });

program
  .command('key')
  .description('make an API key: prints it, once, and its entry for the file that API_KEYS_FILE names')
  .argument('<name>', 'of whoever will use it: events say key:NAME')
  .requiredOption('--scopes <scopes>', `what it allows, with commas between them: ${SCOPES.join(', ')}`)
  .option('--expires <date>', 'when it ends: a date (of UTC) or an instant; without it never')
  .action(async (name: string, options: KeyOptions) => {
    const { keyCommand } = await import('./key-command.js');
    await keyCommand(name, options);
  });

// Whoever read the output may be gone, as after `| head`: the work goes on. A full disk is another matter, but not for
// the service, whose lines nobody may be there to read.
const output = openOutput();
program.hook('postAction', async (_program, command) => {
  if (command.name() !== 'serve') await output.write('');
});
process.stderr.on('error', () => undefined);
try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong itself; asking for help is no fault.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_FAILED;
  else {
    // It may repeat what stands in a file or was answered by a service.
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${lines.map(printable).join('\n')}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED;
  }
}

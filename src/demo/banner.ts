import { BASE_PATH } from '../http/api.js';
import type { ExampleJob } from './example.js';

export interface BannerFacts {
  address: string;
  dataDir: string;
  /** Which adapter serves each port. */
  adapters: Readonly<Record<string, string>>;
  /** Of the demo. */
  example: ExampleJob | undefined;
}

/** What a person who has just started the service wants to know. */
export function banner({ address, dataDir, adapters, example }: BannerFacts): string {
  const api = address + BASE_PATH;
  const next =
    example === undefined
      ? [
          `  curl -s -X POST ${api} -H 'content-type: application/json' -d '{"name":"nightly_expiry_check","cron_expression":"0 2 * * *"}'`,
          `  DATA_DIR=${inShell(dataDir)} npm run cli -- import FILE.csv`,
        ]
      : [
          `  curl -s ${api}/${example.cronId}`,
          `  curl -s -X POST ${api}/${example.cronId}/execute -H 'content-type: application/json' -d '{"dry_run":false}'`,
          `  curl -s ${api}/${example.cronId}/runs`,
        ];
  return [
    `certification-cron is ready: ${api}`,
    `dashboard: ${address}/`,
    `adapters: ${adapterList(adapters)}`,
    ...(Object.values(adapters).includes('sqlite') ? [`SQLite files: ${dataDir}`] : []),
    ...(example === undefined ? [] : whatBecameOf(example, { dataDir, adapters })),
    'try next:',
    ...next,
    'stop with Ctrl-C',
    '',
  ].join('\n');
}

/** Why the example's job has another id than in the README, and how to get the first one back. */
function whatBecameOf(
  { cronId, deleted }: ExampleJob,
  { dataDir, adapters }: Pick<BannerFacts, 'dataDir' | 'adapters'>,
): string[] {
  if (deleted.length === 0) return [];
  const were = deleted.length === 1 ? 'was' : 'were';
  const why = `${deleted.join(', ')} ${were} deleted, and no id is used twice: the example is now ${cronId}`;
  return [
    adapters.event_log === 'sqlite' ? `${why}; to start over: stop, and rm -r ${inShell(dataDir)}` : why,
  ];
}

/** As one word of a command. */
function inShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function adapterList(adapters: Readonly<Record<string, string>>): string {
  return Object.entries(adapters)
    .map(([port, adapter]) => `${port.replaceAll('_', ' ')} ${adapter}`)
    .join(', ');
}

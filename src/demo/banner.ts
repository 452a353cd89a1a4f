import { BASE_PATH } from '../http/api.js';

/** What a person who has just started the service wants to know. */
export function banner(service: {
  address: string;
  dataDir: string;
  /** Which adapter serves each port. */
  adapters: Readonly<Record<string, string>>;
  cronId: string | undefined;
}): string {
  const api = service.address + BASE_PATH;
  const next =
    service.cronId === undefined
      ? [
          `  curl -s -X POST ${api} -H 'content-type: application/json' -d '{"name":"nightly_expiry_check","cron_expression":"0 2 * * *"}'`,
          `  DATA_DIR=${service.dataDir} npm run cli -- import FILE.csv`,
        ]
      : [
          `  curl -s ${api}/${service.cronId}`,
          `  curl -s -X POST ${api}/${service.cronId}/execute -H 'content-type: application/json' -d '{"dry_run":false}'`,
          `  curl -s ${api}/${service.cronId}/runs`,
        ];
  return [
    `certification-cron is ready: ${api}`,
    `adapters: ${adapterList(service.adapters)}`,
    ...(Object.values(service.adapters).includes('sqlite') ? [`SQLite files: ${service.dataDir}`] : []),
    'try next:',
    ...next,
    'stop with Ctrl-C',
    '',
  ].join('\n');
}

function adapterList(adapters: Readonly<Record<string, string>>): string {
  return Object.entries(adapters)
    .map(([port, adapter]) => `${port.replaceAll('_', ' ')} ${adapter}`)
    .join(', ');
}
